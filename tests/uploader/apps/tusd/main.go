// The server tusd on one folder, for tests: its packages behind the flags of its command that a centre uses.
//
// The command itself also holds the libraries of three clouds and of gRPC, which make a first build long and
// big. Protocol, store, locks and hooks are tusd's own; where the packages have other defaults than the
// command, the command's count.
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/tus/tusd/v2/pkg/filelocker"
	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/hooks"
	"github.com/tus/tusd/v2/pkg/hooks/file"
)

const (
	basePath    = "/files/"
	quietAtMost = time.Minute
	endAtMost   = 10 * time.Second
)

var enabledHooks = []hooks.HookType{
	hooks.HookPreCreate,
	hooks.HookPostCreate,
	hooks.HookPostReceive,
	hooks.HookPostTerminate,
	hooks.HookPostFinish,
}

func main() {
	host := flag.String("host", "127.0.0.1", "address to listen on")
	port := flag.String("port", "8080", "port to listen on")
	uploads := flag.String("upload-dir", "./data", "folder of the uploads and of their locks")
	hooksDir := flag.String("hooks-dir", "", "folder of programs that are called by the names of events")
	behindProxy := flag.Bool("behind-proxy", false, "believe X-Forwarded-Host and the like")
	noDownload := flag.Bool("disable-download", false, "answer no GET")
	lockTimeout := flag.Duration("acquire-lock-timeout", 20*time.Second, "how long to wait for a locked upload")
	flag.Parse()

	parts, err := store(*uploads)
	if err != nil {
		log.Fatal(err)
	}
	tusd, err := withHooks(*hooksDir, handler.Config{
		BasePath:                basePath,
		StoreComposer:           parts,
		RespectForwardedHeaders: *behindProxy,
		DisableDownload:         *noDownload,
		AcquireLockTimeout:      *lockTimeout,
		NetworkTimeout:          quietAtMost,
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := serve(net.JoinHostPort(*host, *port), tusd); err != nil {
		log.Fatal(err)
	}
}

func store(folder string) (*handler.StoreComposer, error) {
	place, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(place, filestore.DefaultDirPerm); err != nil {
		return nil, err
	}
	locker := filelocker.New(place)
	locker.HolderPollInterval = 5 * time.Second
	locker.AcquirerPollInterval = 2 * time.Second
	parts := handler.NewStoreComposer()
	filestore.New(place).UseIn(parts)
	locker.UseIn(parts)
	return parts, nil
}

func withHooks(folder string, config handler.Config) (*handler.Handler, error) {
	if folder == "" {
		return handler.NewHandler(config)
	}
	return hooks.NewHandlerWithHooks(&config, &file.FileHook{Directory: folder}, enabledHooks)
}

// serve returns after SIGTERM: requests that run are told of the end, so that they keep what they have.
func serve(address string, tusd http.Handler) error {
	routes := http.NewServeMux()
	routes.Handle(basePath, http.StripPrefix(basePath, tusd))
	routes.Handle("/files", http.StripPrefix("/files", tusd))

	requests, end := context.WithCancelCause(context.Background())
	defer end(nil)
	server := &http.Server{
		Addr:              address,
		Handler:           routes,
		ReadHeaderTimeout: quietAtMost,
		IdleTimeout:       quietAtMost,
		BaseContext:       func(net.Listener) context.Context { return requests },
	}
	server.RegisterOnShutdown(func() { end(handler.ErrServerShutdown) })

	stop, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer release()
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	select {
	case err := <-failed:
		return err
	case <-stop.Done():
	}
	// A second signal ends the process at once.
	release()
	limit, cancel := context.WithTimeout(context.Background(), endAtMost)
	defer cancel()
	if err := server.Shutdown(limit); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return server.Close()
}

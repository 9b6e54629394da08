// @tus/server with its file store: node node_server.mjs PORT FOLDER
import {FileStore} from "@tus/file-store";
import {Server} from "@tus/server";

const [port, directory] = process.argv.slice(2);
const datastore = new FileStore({directory});
new Server({path: "/files", relativeLocation: true, datastore}).listen({host: "127.0.0.1", port: Number(port)});

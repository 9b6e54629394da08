// tus-js-client as its manual shows it: node tusjs.mjs URL FILE...
import fs from "node:fs";
import * as tus from "tus-js-client";

const [endpoint, ...files] = process.argv.slice(2);
const metadata = {filename: "take.wav", filetype: "audio/wav"};
const send = file => new Promise((resolve, reject) => {
  const options = {endpoint, metadata, uploadSize: fs.statSync(file).size, onError: reject, onSuccess: resolve};
  new tus.Upload(fs.createReadStream(file), {...options, chunkSize: Infinity}).start();
});
const began = performance.now();
for (const file of files) await send(file);
console.log(JSON.stringify((performance.now() - began) / 1000));

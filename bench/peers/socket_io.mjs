// The relay job on Node's Socket.IO: a room for each side of each conversation, by the adapter named in ADAPTER.

import { createAdapter as byChannels } from "@socket.io/redis-adapter";
import { createAdapter as byStream } from "@socket.io/redis-streams-adapter";
import { createServer } from "node:http";
import { createClient } from "redis";
import { Server } from "socket.io";

const OTHER = { visitor: "advocate", advocate: "visitor" };
const [user, password, path] = JSON.parse(process.env.STORE);

async function client() {
  const made = createClient({ username: user, password, socket: { path } });
  await made.connect();
  return made;
}

const adapter =
  process.env.ADAPTER === "streams" ? byStream(await client()) : byChannels(await client(), await client());
const http = createServer();
const io = new Server(http, {
  adapter,
  transports: ["websocket"],
  perMessageDeflate: false,
  httpCompression: false,
  serveClient: false,
  // Its own way of not losing words while a page is cut off; only the streams adapter can carry it across processes.
  ...(process.env.ADAPTER === "streams" ? { connectionStateRecovery: {} } : {}),
});

io.on("connection", (socket) => {
  socket.on("join", async (side, names, joined) => {
    socket.data.side = side;
    await socket.join(names.map((name) => `${name}:${side}`));
    joined(names.length);
  });
  // Neither adapter can be waited for: the words are on their way when they are acknowledged, no more.
  socket.on("say", (said, taken) => {
    io.to(`${said.talk}:${OTHER[socket.data.side]}`).emit("said", said);
    taken(true);
  });
});

http.listen(Number(process.argv[2]), "127.0.0.1");

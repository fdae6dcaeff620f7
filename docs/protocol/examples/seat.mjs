// One seat of an evaluation room, for Node 22 and later; Node 20 needs: node --experimental-websocket seat.mjs
// No packages. Reads one JSON command per line, prints every frame of the hub as one line of JSON.
//
// Environment: EXPERT_HUB_SOCKET      ws(s)://HOST:PORT/api/v1/rooms/ROOM/socket
//              EXPERT_HUB_TOKEN       access token of the account
//              EXPERT_HUB_OUTBOX      file that keeps commands without an answer (optional)
//              EXPERT_HUB_HEARTBEAT_S seconds between two pings (15)
// Ends with 0 when every command was acknowledged, 1 when one was refused, 2 when connecting again would be wrong.
import { randomUUID } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";

const { EXPERT_HUB_SOCKET: address, EXPERT_HUB_TOKEN: token, EXPERT_HUB_OUTBOX: outbox } = process.env;
const heartbeat = Number(process.env.EXPERT_HUB_HEARTBEAT_S ?? 15) * 1000;
const FOR_GOOD = new Set([4401, 4403, 4404, 4409]); // log in again, not your room, no such room, seat taken elsewhere
const unanswered = new Map(); // command_id -> frame, in the order in which the commands were given
let socket, version = null, view = {}, pause = 250, heard = 0, refused = false, ended = false;

if (outbox && existsSync(outbox))
  for (const frame of JSON.parse(readFileSync(outbox, "utf8"))) unanswered.set(frame.command_id, frame);

function keep() { // before a command leaves and after it was answered; a power cut leaves the old file or the new one
  if (!outbox) return;
  const file = openSync(outbox + ".new", "w", 0o600);
  writeSync(file, JSON.stringify([...unanswered.values()]));
  fsyncSync(file);
  closeSync(file);
  renameSync(outbox + ".new", outbox);
}

const print = (frame) => process.stdout.write(JSON.stringify(frame) + "\n");
const send = (frame) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ v: 1, ...frame }));

function connect() {
  const mine = (socket = new WebSocket(address, { headers: { authorization: `Bearer ${token}` } }));
  heard = Date.now();
  mine.onopen = () => {
    send({ kind: "resume", after: version });
    for (const frame of unanswered.values()) send(frame); // the same ids again: what is known already changes nothing
  };
  mine.onmessage = (message) => take(JSON.parse(message.data));
  mine.onerror = () => {}; // onclose follows
  mine.onclose = ({ code }) => lost(mine, code);
}

function lost(mine, code) {
  if (mine !== socket) return;
  socket = undefined;
  if (FOR_GOOD.has(code)) finish(2);
  else setTimeout(connect, pause * (0.5 + Math.random() / 2));
  pause = Math.min(pause * 2, 15_000);
}

function take(frame) {
  heard = Date.now();
  if (frame.kind === "view") {
    ({ version, view } = frame);
  } else if (frame.kind === "changes") {
    if (version === null || frame.from > version) return send({ kind: "resume", after: null }); // one was missed
    if (frame.version >= version) {
      view = { ...view, ...frame.set };
      for (const section of frame.unset) delete view[section];
      version = frame.version;
    }
  } else if (frame.kind === "ack" || frame.kind === "refusal") {
    if (frame.command_id !== null && !unanswered.delete(frame.command_id)) return; // a second answer is no news
    refused ||= frame.kind === "refusal";
    keep();
  } else return; // pong, and kinds of a later version
  pause = 250;
  print(frame);
  settle();
}

function settle() {
  if (ended && unanswered.size === 0) finish(refused ? 1 : 0);
}

function finish(code) {
  process.stdout.write("", () => process.exit(code));
}

setInterval(() => {
  if (!socket || Date.now() - heard < 3 * heartbeat) return send({ kind: "ping" });
  const silent = socket; // nothing for three heartbeats: the line is dead, whatever the system says
  silent.close();
  lost(silent, 1006);
}, heartbeat);

createInterface({ input: process.stdin })
  .on("line", (line) => {
    if (!line.trim()) return;
    const frame = { kind: "command", command_id: randomUUID(), command: JSON.parse(line) };
    unanswered.set(frame.command_id, frame);
    keep();
    send(frame);
  })
  .on("close", () => {
    ended = true;
    settle();
  });

connect();

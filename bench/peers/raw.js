/** `ws` alone, as a broadcast: what there is to reach. Whoever sends a text has it sent to all readers, inside a frame as GraphQL servers send it. */
import { createServer } from 'node:http'
import { Sender, WebSocket, WebSocketServer } from 'ws'
import { messageOf } from './event.js'
import { listen } from './listen.js'

const readers = new Set()

const frameOf = text => Buffer.concat(Sender.frame(Buffer.from(messageOf(text)), { fin: true, opcode: 1, mask: false, rsv1: false, readOnly: false }))

const broadcasts = {
  /** What everybody would write. */
  send(text) {
    const message = Buffer.from(messageOf(text))
    for (const reader of readers) if (reader.readyState === WebSocket.OPEN) reader.send(message, { binary: false })
  },
  /** One frame, made once, written to each socket. */
  prebuilt(text) {
    const frame = frameOf(text)
    for (const reader of readers) if (reader.readyState === WebSocket.OPEN) reader._socket.write(frame)
  },
  /** The same, with all events of one turn of the event loop in one write. */
  joined(text) {
    if (frames.push(frameOf(text)) > 1) return
    setImmediate(() => {
      const joined = Buffer.concat(frames)
      frames.length = 0
      for (const reader of readers) if (reader.readyState === WebSocket.OPEN) reader._socket.write(joined)
    })
  },
}
const frames = []
const broadcast = broadcasts[process.argv[2]]

const server = createServer()
new WebSocketServer({ server }).on('connection', (socket, { url }) => {
  if (url === '/publish') return socket.on('message', data => broadcast(data.toString()))
  readers.add(socket)
  socket.on('close', () => readers.delete(socket))
})
listen(server)

import type { Duplex } from 'node:stream'

/** A token has 8,192 characters at most; with all that frames and JSON add to it, nobody needs more to say who they are. */
const maxBytes = 16 * 1024

/** Calls once a socket sent more than that. Call the answer when it may, because it is let in. */
export function limitBeforeInit(carrier: Duplex, onExcess: () => void): () => void {
  let receivedBytes = 0
  const onData = (bytes: Buffer) => {
    receivedBytes += bytes.length
    if (receivedBytes <= maxBytes) return
    stop()
    onExcess()
  }
  const stop = () => void carrier.off('data', onData)
  carrier.on('data', onData)
  return stop
}

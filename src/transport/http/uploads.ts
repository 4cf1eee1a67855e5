import type { IncomingMessage } from 'node:http'
import type { Viewer } from '../../access/viewer.ts'
import { AppError } from '../../errors.ts'
import { readMultipart } from './multipart.ts'

/** How many uploads may be under way: each holds up to 10 MiB of the disk, and its user's connection. */
const mostUploads = { onNode: 100, ofUser: 10 }

/** Takes operations that bring a file along, from those who are signed in. */
export function createUploads(maxFieldBytes: number) {
  const ofUser = new Map<string, number>()
  let onNode = 0

  /** @throws TOO_MANY_CONNECTIONS */
  function enter(userId: string): () => void {
    const count = ofUser.get(userId) ?? 0
    if (count >= mostUploads.ofUser || onNode >= mostUploads.onNode)
      throw new AppError(
        'TOO_MANY_CONNECTIONS',
        `Too many uploads are under way, of which one user may have ${mostUploads.ofUser}; let one end first.`,
      )
    ofUser.set(userId, count + 1)
    onNode += 1
    return () => {
      const left = (ofUser.get(userId) ?? 1) - 1
      if (left === 0) ofUser.delete(userId)
      else ofUser.set(userId, left)
      onNode -= 1
    }
  }

  return {
    /** The operation; its file is there until `stack` is disposed of. Who may not send it is refused before the file is read. */
    async receive(request: IncomingMessage, viewer: Viewer | null, stack: AsyncDisposableStack): Promise<unknown> {
      if (!viewer) throw new AppError('UNAUTHENTICATED', 'Sign in first: send `authorization: Bearer <access token>`.')
      stack.defer(enter(viewer.userId))
      const { operation, file } = await readMultipart(request, maxFieldBytes)
      stack.use(file)
      return operation
    },
  }
}

import type { IncomingMessage } from 'node:http'
import type { Viewer } from '../../access/viewer.ts'
import { AppError } from '../../errors.ts'
import { networkOf } from '../../platform/addresses.ts'
import type { BodyLimits } from './body.ts'
import { readMultipart } from './multipart.ts'

/** How many uploads may be under way: each holds up to 10 MiB of the disk, and its user's connection. */
const mostUploads = { onNode: 100, ofAddress: 25, ofUser: 10 }

/** Takes operations that bring a file along, from those who are signed in. */
export function createUploads(limits: BodyLimits) {
  /** By the node, by whom and by where from. */
  const underWay = new Map<string, number>()
  const add = (subject: string, change: 1 | -1) => {
    const count = (underWay.get(subject) ?? 0) + change
    if (count === 0) underWay.delete(subject)
    else underWay.set(subject, count)
  }

  /** @throws TOO_MANY_CONNECTIONS */
  function enter({ userId, ip }: Viewer): () => void {
    const most = { node: mostUploads.onNode, [`user:${userId}`]: mostUploads.ofUser, [`address:${networkOf(ip)}`]: mostUploads.ofAddress }
    if (Object.entries(most).some(([subject, max]) => (underWay.get(subject) ?? 0) >= max))
      throw new AppError(
        'TOO_MANY_CONNECTIONS',
        `Too many uploads are under way, of which one user may have ${mostUploads.ofUser}; let one end first.`,
      )
    for (const subject of Object.keys(most)) add(subject, 1)
    return () => {
      for (const subject of Object.keys(most)) add(subject, -1)
    }
  }

  return {
    /** The operation; its file is there until `stack` is disposed of. Who may not send it is refused before the file is read. */
    async receive(request: IncomingMessage, viewer: Viewer | null, stack: AsyncDisposableStack): Promise<unknown> {
      if (!viewer) throw new AppError('UNAUTHENTICATED', 'Sign in first: send `authorization: Bearer <access token>`.')
      stack.defer(enter(viewer))
      const { operation, file } = await readMultipart(request, limits)
      stack.use(file)
      return operation
    },
  }
}

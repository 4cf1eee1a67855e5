import type { Access } from '../../access/access.ts'
import type { Viewer } from '../../access/viewer.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { iterate } from '../../feed/iterate.ts'
import type { ExportRow } from './export.ts'
import { progressStream } from './worker.ts'

interface Deps {
  readonly feed: Feed
  readonly access: Pick<Access, 'watch'>
  readonly find: (id: string) => Promise<ExportRow | null>
}

/** `viewer`: null for administrators who are no user, whom nothing is taken from. */
export type FollowProgress = (id: string, viewer: Viewer | null) => Promise<AsyncIterableIterator<ExportRow>>

/** Whoever reads slowly gets the newest state and not those before it. */
export async function followProgress({ feed, access, find }: Deps, id: string, viewer: Viewer | null): Promise<AsyncIterableIterator<ExportRow>> {
  // Listened to before it is read, so that no change is missed between the two.
  const { tail, release } = await feed.tail(progressStream)
  const stopWatching = viewer ? access.watch(viewer, null, code => tail.end(new AppError(code, 'You may no longer follow this.'))) : () => {}
  const close = () => {
    tail.end()
    stopWatching()
    release()
  }
  const first = await find(id)
    .then(row => row ?? Promise.reject(notFound('export')))
    .catch(error => {
      close()
      throw error
    })
  let known: ExportRow | null = null

  async function take(): Promise<ExportRow | null> {
    if (known === null) {
      known = first
      return first
    }
    while (known.status === 'RUNNING') {
      const changes = await tail.next()
      if (changes === null) break
      if (!changes.some(({ payload }) => (payload as { readonly id: string }).id === id)) continue
      const row = await find(id)
      if (row === null) break
      known = row
      return row
    }
    close()
    return null
  }

  return iterate(take, close) as AsyncIterableIterator<ExportRow>
}

import type { WebRoutes } from '../../web.ts'
import { createExportDownloads, type ExportDownloadsDeps, exportDownloadPath } from './download.ts'
import { createExports, type ExportsDeps } from './service.ts'
import { createSlots } from './slots.ts'
import { createExportStreams, exportStreamPath } from './streams.ts'
import { createWorker, progressStream, type WorkerDeps } from './worker.ts'

export interface ExportsRoomDeps extends WorkerDeps, Omit<ExportsDeps, 'onCreated'> {
  readonly links: Pick<ExportDownloadsDeps, 'keys' | 'publicUrl' | 'viewerOfLink' | 'mayAdminister'>
}

export type ExportsRoom = Awaited<ReturnType<typeof createExportsRoom>>

/** Each holds a part, or a page, in memory for as long as its reader takes. */
const mostDownloads = 20

/** All that belongs to exports. When it is left, what is being written is left to other nodes, or to the next start. */
export async function createExportsRoom({ links, ...ground }: ExportsRoomDeps) {
  await ground.database.transact(tx => ground.feed.open(tx, progressStream, 'exports'))
  const slots = createSlots(mostDownloads, 'downloads of exports')
  const worker = createWorker(ground)
  const downloads = createExportDownloads({ ...ground, ...links, slots })
  const webRoutes: WebRoutes = { [exportDownloadPath]: downloads.route, [exportStreamPath]: createExportStreams({ ...ground, slots }) }
  return {
    exports: createExports({ ...ground, onCreated: worker.wake }),
    exportDownloads: downloads,
    webRoutes,
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  }
}

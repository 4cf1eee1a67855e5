import type { Bus } from '../../platform/bus.ts'
import type { WebRoutes } from '../../web.ts'
import { createExportDownloads, type ExportDownloadsDeps, exportDownloadPath } from './download.ts'
import { createExports, type ExportsDeps } from './service.ts'
import { createSlots } from './slots.ts'
import { createExportStreams, exportStreamPath } from './streams.ts'
import { createWorker, progressStream, type WorkerDeps } from './worker.ts'

export interface ExportsRoomDeps extends WorkerDeps, Omit<ExportsDeps, 'onCreated'> {
  readonly bus: Bus
  readonly links: Pick<ExportDownloadsDeps, 'keys' | 'publicUrl' | 'viewerOfLink' | 'mayAdminister'>
}

export type ExportsRoom = Awaited<ReturnType<typeof createExportsRoom>>

/** On the bus: there is a new export, for whichever node has time. */
const created = 'export-created'
/** Each holds a part, or a page, in memory for as long as its reader takes. */
const mostDownloads = 20

/** All that belongs to exports. When it is left, what is being written is left to other nodes, or to the next start. */
export async function createExportsRoom({ links, bus, ...ground }: ExportsRoomDeps) {
  await ground.database.transact(tx => ground.feed.open(tx, progressStream, 'exports'))
  const slots = createSlots(mostDownloads, 'downloads of exports')
  const worker = createWorker(ground)
  const stopListening = await bus.subscribe(created, worker.wake)
  const onCreated = () => {
    worker.wake()
    void bus.publish(created, null)
  }
  const exports = createExports({ ...ground, onCreated })
  const downloads = createExportDownloads({ ...ground, ...links, slots })
  const webRoutes: WebRoutes = { [exportDownloadPath]: downloads.route, [exportStreamPath]: createExportStreams({ ...ground, slots }) }
  return {
    exports: {
      ...exports,
      async sweep() {
        // Somebody may have been told of an export, and be gone.
        worker.wake()
        await exports.sweep()
      },
    },
    exportDownloads: downloads,
    webRoutes,
    [Symbol.asyncDispose]() {
      stopListening()
      return worker[Symbol.asyncDispose]()
    },
  }
}

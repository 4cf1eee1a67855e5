import { exportSourceOf } from '../platform/keyset.ts'
import type { WebRoutes } from '../web.ts'
import { createDownloads, type DownloadsDeps, downloadPath } from './attachments/download.ts'
import { type AttachmentsDeps, createAttachments } from './attachments/service.ts'
import { noteTables } from './export-store.ts'
import { createFolders } from './folders/service.ts'
import { createNotebookImport } from './import/service.ts'
import { createListing } from './listing/service.ts'
import { createNotebooks, type NotebooksDeps } from './notebooks.ts'
import { createPublicationPage } from './publications/page.ts'
import { createPublications } from './publications/service.ts'
import { createRevisions } from './revisions/service.ts'
import { createNotes } from './service.ts'
import { createTrash, type TrashDeps } from './trash/service.ts'

export interface NotesRoomDeps extends NotebooksDeps, Omit<TrashDeps, 'notebooks'>, Pick<AttachmentsDeps, 'quotaBytes'> {
  readonly links: Pick<DownloadsDeps, 'keys' | 'publicUrl' | 'viewerOfLink'>
}

export type NotesRoom = ReturnType<typeof createNotesRoom>

/** All that belongs to notes. */
export function createNotesRoom({ quotaBytes, links, ...ground }: NotesRoomDeps) {
  const base = { ...ground, notebooks: createNotebooks(ground) }
  const revisions = createRevisions(base)
  const publications = createPublications(base)
  const attachments = createAttachments({ ...base, quotaBytes })
  const downloads = createDownloads({ ...base, ...links, attachments })
  const webRoutes: WebRoutes = { '/p/': createPublicationPage(publications.findWhole), [downloadPath]: downloads.route }
  return {
    notes: createNotes({ ...base, revisions }),
    revisions,
    trash: createTrash(base),
    listing: createListing({ ...base, quotaBytes }),
    notebookImport: createNotebookImport(base),
    folders: createFolders(base),
    attachments,
    downloads,
    publications,
    noteExport: exportSourceOf(base.database, noteTables),
    webRoutes,
  }
}

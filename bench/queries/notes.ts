import { Client } from 'pg'
import type { Ours } from '../stage.ts'

const folders = 5
/** More than one page of the list holds. */
const notes = 120

/** Notes in folders, by the API; and copies of the rows for others, with the indexes that their list needs. */
export async function fillNotebook({ url, databaseUrl, people: [owner] }: Ours): Promise<void> {
  const folderIds: string[] = []
  for (let index = 0; index < folders; index++)
    folderIds.push(
      (
        await ask<{ createFolder: { folder: { id: string } } }>(
          url,
          owner.token,
          'mutation ($input: CreateFolderInput!) { createFolder(input: $input) { folder { id } } }',
          {
            input: { name: `Folder ${index}` },
          },
        )
      ).createFolder.folder.id,
    )
  for (let index = 0; index < notes; index++)
    await ask(url, owner.token, 'mutation ($input: CreateNoteInput!) { createNote(input: $input) { note { id } } }', {
      input: { title: `The note with the number ${index}`, content: 'What it says. '.repeat(20), folderId: folderIds[index % folders] },
    })
  const client = new Client({ connectionString: databaseUrl as string })
  await client.connect()
  await client.query(`
    CREATE SCHEMA peers;
    CREATE TABLE peers.folders AS SELECT id, owner_id, name FROM folders;
    ALTER TABLE peers.folders ADD PRIMARY KEY (id);
    CREATE TABLE peers.notes AS SELECT id, owner_id, folder_id, title, content, updated_at FROM notes;
    ALTER TABLE peers.notes ADD PRIMARY KEY (id), ADD FOREIGN KEY (folder_id) REFERENCES peers.folders (id);
    CREATE INDEX ON peers.notes (owner_id, updated_at, id);
    CREATE INDEX ON peers.notes (folder_id);
    ANALYZE`)
  await client.end()
}

/** One operation over HTTP. @throws Error that holds what the server said */
export async function ask<T>(url: string, token: string | null, query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const headers = { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
  const { data, errors } = (await response.json()) as { data?: T; errors?: unknown }
  if (!data || errors) throw new Error(JSON.stringify(errors))
  return data
}

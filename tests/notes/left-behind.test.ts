import { v7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { graphql } from '../generated/index.ts'
import { type Client, codeOf, password, signUp } from '../harness/client.ts'
import { environmentOf, modes } from '../harness/modes.ts'
import { setAccess } from '../harness/operations.ts'
import { startServer } from '../harness/server.ts'
import { createFolder } from './folders-operations.ts'
import { createNote, emptyTrash, publishNote } from './operations.ts'
import { allRows } from './tables.ts'
import { base64, create, encryptedText, read, remove, trash, update } from './world.ts'

const addAttachment = graphql(/* GraphQL */ `
  mutation LeftAttachment($input: AddAttachmentInput!) {
    addAttachment(input: $input) {
      attachment {
        id
      }
    }
  }
`)
const deleteAccount = graphql(/* GraphQL */ `
  mutation LeftAccount($input: DeleteAccountInput!) {
    deleteAccount(input: $input) {
      deletedId
    }
  }
`)

/** A word that is nowhere else, in each place that holds something of a note. */
const filled = (word: string) => ({ title: `title${word}`, content: `content${word}`, tags: [`tag${word}`], idempotencyKey: `create-${v7()}` })
async function fill(by: Client, word: string): Promise<string> {
  const { id } = await create(by, filled(word))
  await update(by, { id, title: `title2${word}`, content: `content2${word}`, idempotencyKey: `update-${v7()}` })
  await by.run(publishNote, { input: { id, title: `public${word}`, content: `public${word}`, authorName: `public${word}` } })
  const attachment = {
    mimeType: 'text/plain',
    encryptedName: base64(`name${word}`),
    encryptedData: base64(`data${word}`),
    iv: `iv${word}`,
    salt: `salt${word}`,
  }
  await by.run(addAttachment, { input: { noteId: id, ...attachment } })
  return id
}

/** As text, as base64 and as the database shows bytes. */
const formsOf = (word: string) => [word, `\\x${Buffer.from(`data${word}`).toString('hex')}`, base64(`name${word}`)]

describe.each(modes)('what is left in the tables on %s', mode => {
  test('of a note that was deleted, of an emptied trash and of a deleted account: no content; of an encrypted one: no plain text', async () => {
    await using environment = await environmentOf(mode)
    const server = await startServer(environment.env)
    try {
      const [ann, bob, cyd] = [await signUp(server.url, 'ann'), await signUp(server.url, 'bob'), await signUp(server.url, 'cyd')]
      const ids = { deleted: await fill(ann, 'removedword'), emptied: await fill(ann, 'emptiedword'), kept: await fill(ann, 'keptword') }
      for (const id of Object.values(ids)) await ann.run(setAccess, { input: { resourceId: id, userId: bob.id, access: 'WRITE' } })
      await update(bob, { id: ids.deleted, content: 'written by bob removedword' })
      await remove(ann, ids.deleted)
      await trash(ann, ids.emptied)
      await ann.run(emptyTrash, {})

      const secret = await fill(ann, 'plainword')
      await update(ann, { id: secret, tags: [], ...encryptedText('of ann') })
      expect(await read(ann, secret)).toMatchObject({ ...encryptedText('of ann'), title: null })

      await fill(cyd, 'accountword')
      await cyd.run(createFolder, { input: { name: 'folder accountword' } })
      // What comes while the account goes makes no notebook anew.
      const late = () => Array.from({ length: 20 }, () => codeOf(cyd.ask(createNote, { input: { title: 'accountword' } })))
      const before = late()
      const gone = cyd.run(deleteAccount, { input: { password } })
      for (const code of await Promise.all([...before, ...late()])) expect([null, 'TOKEN_REVOKED', 'NOT_FOUND']).toContain(code)
      await gone

      await server.stop()
      const rows = await allRows(environment)
      const holding = (text: string) => rows.filter(row => row.includes(text)).map(row => row.split(':')[0])
      for (const word of ['removedword', 'emptiedword', 'accountword']) for (const form of formsOf(word)) expect(holding(form), form).toEqual([])
      // Attachments and their names are ciphertext, and stay with the note.
      expect(holding('plainword').filter(table => table !== 'public.attachments')).toEqual([])
      // The look finds what is there, in each of these tables.
      const places = ['public.attachments', 'public.note_revisions', 'public.notes', 'public.publications']
      expect([...new Set(holding('keptword'))].sort()).toEqual(places)
      expect(holding(formsOf('keptword')[1] ?? '')).toEqual(['public.attachment_chunks'])
      const remembering = ['public.audit_entries', 'public.changes', 'public.idempotency_keys']
      expect(holding(ids.deleted).filter(table => !remembering.includes(table ?? ''))).toEqual(['public.deleted_notes'])
      const bytes = Buffer.from('datakeptword').length + Buffer.from('dataplainword').length
      expect(rows.filter(row => row.startsWith('public.notebooks:') && row.includes(ann.id))).toEqual([expect.stringContaining(`,${bytes},`)])
      expect(rows.filter(row => /^public\.(notebooks|notes|folders|memberships|attachments)/.test(row) && row.includes(cyd.id))).toEqual([])
    } finally {
      await server.kill()
    }
  })
})

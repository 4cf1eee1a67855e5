import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { codeOf, type Person, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { setAccess } from '../harness/operations.ts'
import { addAttachment, listAttachments, removeAttachment } from './attachments-operations.ts'
import { addInput, beginUpload, newNote, sealed, upload, uploaded } from './attachments-world.ts'
import { deleteNote, emptyTrash, restoreNote, trashNote } from './operations.ts'

const quotaBytes = 1_000_000

describe.each(modes)('the quota for attachments on %s', mode => {
  const servers = useServers(mode, { nodes: 2, env: { ATTACHMENT_QUOTA_BYTES: String(quotaBytes) } })
  let bob: Person
  beforeAll(async () => {
    bob = await signUp(servers.one.url, 'bob')
  })
  const signUpAnn = () => signUp(servers.one.url, 'ann')
  const usedBytes = async (by: Person, noteId = 'none') => (await by.run(listAttachments, { id: noteId })).notebook.usedBytes

  test('is not passed by ten uploads at once over two nodes', async () => {
    const ann = await signUpAnn()
    const notes = [await newNote(ann), await newNote(ann)]
    const bytes = randomBytes(quotaBytes * 0.3)
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        upload(
          { url: index % 2 ? servers.one.url : servers.other.url, accessToken: ann.accessToken },
          { ...sealed, noteId: notes[index % 2]! },
          bytes,
        ),
      ),
    )
    const refused = answers.filter(({ errors }) => errors.length > 0)
    expect(refused).toHaveLength(7)
    for (const { errors } of refused)
      expect(errors[0]?.extensions).toMatchObject({ code: 'QUOTA_EXCEEDED', limitBytes: quotaBytes, leftBytes: quotaBytes * 0.1 })
    expect(await usedBytes(ann)).toBe(quotaBytes * 0.9)
  })

  test('is filled to the last byte, and says what is left', async () => {
    const ann = await signUpAnn()
    const noteId = await newNote(ann)
    await uploaded(ann, { ...sealed, noteId }, randomBytes(quotaBytes - 5))
    const refused = await ann.ask(addAttachment, { input: addInput(noteId, '123456') })
    expect(refused.errors[0]).toMatchObject({ message: expect.stringContaining('5 bytes'), extensions: { code: 'QUOTA_EXCEEDED', leftBytes: 5 } })
    expect(await codeOf(ann.ask(addAttachment, { input: addInput(noteId, '12345') }))).toBeNull()
    expect(await codeOf(ann.ask(addAttachment, { input: addInput(noteId, '') }))).toBeNull()
    expect(await usedBytes(ann)).toBe(quotaBytes)
  })

  test('is that of the note’s owner, whoever adds', async () => {
    const ann = await signUpAnn()
    const noteId = await newNote(ann)
    await ann.run(setAccess, { input: { resourceId: noteId, userId: bob.id, access: 'WRITE' } })
    const before = await usedBytes(bob)
    const { id } = await uploaded(bob, { ...sealed, noteId }, randomBytes(700_000))
    expect([await usedBytes(ann), await usedBytes(bob)]).toEqual([700_000, before])
    expect((await upload(bob, { ...sealed, noteId }, randomBytes(700_000))).errors[0]?.extensions.code).toBe('QUOTA_EXCEEDED')
    await bob.run(removeAttachment, { input: { id } })
    expect(await usedBytes(ann)).toBe(0)
  })

  test('does not count what broke off, was refused or was repeated', async () => {
    const ann = await signUpAnn()
    const noteId = await newNote(ann)
    for (let visit = 0; visit < 5; visit++) {
      const sent = beginUpload(ann, { ...sealed, noteId }, randomBytes(200_000))
      await new Promise(resolve => setTimeout(resolve, visit * 5))
      sent.destroy()
    }
    await upload(ann, { ...sealed, noteId, mimeType: 'text/html' }, randomBytes(200_000))
    await upload(ann, { ...sealed, noteId: await newNote(bob) }, randomBytes(200_000))
    const again = { ...sealed, noteId, idempotencyKey: 'only once for all' }
    for (let time = 0; time < 3; time++) await uploaded(ann, again, randomBytes(0))
    expect(await usedBytes(ann)).toBe(0)
    await Promise.all(Array.from({ length: 4 }, () => upload(ann, { ...again, idempotencyKey: 'and once more' }, 'same')))
    const { note, notebook } = await ann.run(listAttachments, { id: noteId })
    expect([note?.attachments.map(({ sizeBytes }) => sizeBytes), notebook.usedBytes]).toEqual([[0, 4], 4])
  })

  test('counts what is there, whatever was added, removed, trashed, restored and deleted, by whichever node', async () => {
    const step = fc.record({
      kind: fc.constantFrom('add', 'upload', 'remove', 'trash', 'restore', 'delete', 'empty', 'note', 'together'),
      node: fc.integer({ min: 0, max: 1 }),
      which: fc.nat(),
      sizeBytes: fc.integer({ min: 0, max: 150_000 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async steps => {
        const ann = await signUpAnn()
        const at = [ann, ann.at(servers.other.url)] as const
        let notes = [await newNote(ann)]
        const recount = async () => {
          const sizes = await Promise.all(
            notes.map(async id => (await ann.run(listAttachments, { id })).note?.attachments.map(({ sizeBytes }) => sizeBytes) ?? []),
          )
          return sizes.flat().reduce((sum, size) => sum + size, 0)
        }
        for (const { kind, node, which, sizeBytes } of steps) {
          const by = at[node]!
          const noteId = notes[which % notes.length]!
          const input = addInput(noteId, randomBytes(sizeBytes))
          if (kind === 'note') notes.push(await newNote(ann))
          if (kind === 'add') await by.ask(addAttachment, { input })
          if (kind === 'upload') await upload({ url: by.url, accessToken: ann.accessToken }, { ...sealed, noteId }, randomBytes(sizeBytes))
          if (kind === 'trash') await by.ask(trashNote, { input: { id: noteId } })
          if (kind === 'restore') await by.ask(restoreNote, { input: { id: noteId } })
          if (kind === 'delete') await by.ask(deleteNote, { input: { id: noteId } })
          if (kind === 'together')
            await Promise.all([by.ask(addAttachment, { input }), ann.ask(deleteNote, { input: { id: noteId } }), by.ask(addAttachment, { input })])
          if (kind === 'empty') await by.ask(emptyTrash, { input: {} })
          if (kind === 'remove') {
            const { note } = await ann.run(listAttachments, { id: noteId })
            const one = note?.attachments[which % (note.attachments.length || 1)]
            if (one) await by.ask(removeAttachment, { input: { id: one.id } })
          }
          expect(await usedBytes(ann)).toBe(await recount())
        }
        notes = await Promise.all(notes.map(async id => ((await codeOf(ann.ask(trashNote, { input: { id } }))) === null ? id : '')))
        await ann.run(emptyTrash, { input: {} })
        expect(await usedBytes(ann)).toBe(0)
      }),
      { numRuns: 6, endOnFailure: true },
    )
  })
})

describe('a quota of 0', () => {
  const servers = useServers('embedded', { env: { ATTACHMENT_QUOTA_BYTES: '0' } })

  test('is none', async () => {
    const ann = await signUp(servers.one.url, 'ann')
    const noteId = await newNote(ann)
    await uploaded(ann, { ...sealed, noteId }, randomBytes(2 * quotaBytes))
    expect((await ann.run(listAttachments, { id: noteId })).notebook).toEqual({ usedBytes: 2 * quotaBytes, quotaBytes: null })
  })
})

import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { v7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { signUp, useServers } from '../harness/client.ts'
import { environmentOf, modes } from '../harness/modes.ts'
import { type Server, startServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { listAttachments } from './attachments-operations.ts'
import { beginUpload, newNote, sealed, upload, uploaded } from './attachments-world.ts'

const mebibyte = 1024 * 1024
const isSpooled = (path: string) => path.includes('tidemark-upload-')

/** Temporary files of uploads that a process holds open; they have no name any more. */
const spooledBy = ({ pid }: Server): string[] =>
  readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)].filter(isSpooled)
    } catch {
      return []
    }
  })
const namedFiles = () => readdirSync(process.env['TMPDIR'] ?? tmpdir()).filter(isSpooled)
/** Whatever server runs beside these: each file has a name for the moment in which it is opened. */
const noneIsNamed = () => until('no file to have a name', () => namedFiles().length === 0)

/** The most memory that a process had so far, in bytes. */
const peakMemory = ({ pid }: Server) => Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024

describe.each(modes)('uploads on %s', mode => {
  const servers = useServers(mode)

  test('of 80 MiB at once go past the memory', async () => {
    const ann = await signUp(servers.one.url, 'ann')
    const noteId = await newNote(ann)
    const bytes = randomBytes(10 * mebibyte)
    // What a few of them load and allocate, one after the other, is there in any case.
    for (let time = 0; time < 3; time++) await uploaded(ann, { ...sealed, noteId }, bytes)
    const before = peakMemory(servers.one)
    const answers = await Promise.all(Array.from({ length: 8 }, () => upload(ann, { ...sealed, noteId }, bytes)))
    expect(answers.flatMap(({ errors }) => errors)).toEqual([])
    expect((peakMemory(servers.one) - before) / mebibyte).toBeLessThan(40)
    // An answer is out a moment before what it was made from is let go.
    await expect.poll(() => [spooledBy(servers.one), namedFiles()]).toEqual([[], []])
  })

  test('that break off at any byte leave nothing, neither in the database nor on the disk', async () => {
    const ann = await signUp(servers.one.url, 'ann')
    const noteId = await newNote(ann)
    for (let visit = 0; visit < 12; visit++) {
      const sent = beginUpload(ann, { ...sealed, noteId }, randomBytes(visit * 50_000))
      if (visit % 3 > 0) await until('bytes are on the disk', () => spooledBy(servers.one).length > 0)
      if (visit % 3 > 1) await noneIsNamed()
      sent.destroy()
    }
    await until('no temporary file is left', () => spooledBy(servers.one).length === 0)
    await noneIsNamed()
    const { note, notebook } = await ann.run(listAttachments, { id: noteId })
    expect([note?.attachments, notebook.usedBytes]).toEqual([[], 0])
  })
})

describe.each(modes)('a server on %s', mode => {
  test('that is killed while files come keeps those it answered for, takes the others once, and leaves nothing on the disk', async () => {
    await using environment = await environmentOf(mode)
    let server = await startServer(environment.env)
    try {
      const ann = await signUp(server.url, 'ann')
      const noteId = await newNote(ann)
      const files = Array.from({ length: 8 }, () => ({ input: { ...sealed, noteId, idempotencyKey: v7() }, bytes: randomBytes(mebibyte) }))
      const stuck = beginUpload(ann, { ...sealed, noteId }, randomBytes(100_000))
      await until('bytes are on the disk', () => spooledBy(server).length > 0)
      const answered = files.map(({ input, bytes }) => upload(ann, input, bytes).catch(() => null))
      await Promise.any(answered.map(async answer => (await answer)?.data ?? Promise.reject(new Error('It was cut off.'))))
      await server.kill()
      stuck.destroy()
      await noneIsNamed()
      const known = (await Promise.all(answered)).flatMap(answer => answer?.data?.uploadAttachment.attachment.id ?? [])
      expect(known.length).toBeGreaterThan(0)

      server = await startServer(environment.env)
      const back = ann.at(server.url)
      const ids = await Promise.all(files.map(async ({ input, bytes }) => (await uploaded(back, input, bytes)).id))
      expect(ids).toEqual(expect.arrayContaining(known))
      const { note, notebook } = await back.run(listAttachments, { id: noteId })
      expect(note?.attachments.map(({ id }) => id).sort()).toEqual([...ids].sort())
      expect(notebook.usedBytes).toBe(8 * mebibyte)
    } finally {
      await server.kill()
    }
  })
})

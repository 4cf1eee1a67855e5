import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { convert } from '../../examples/import/convert.ts'
import { createFolderOrder } from '../../examples/import/folder-order.ts'
import { idFor } from '../../examples/import/ids.ts'
import { readRows } from '../../examples/import/rows.ts'
import { prefixOf } from '../../src/platform/ids.ts'
import { type Client, clientOf, useServers } from '../harness/client.ts'
import { followFeed } from '../harness/follow.ts'
import { modes } from '../harness/modes.ts'
import { register } from '../harness/operations.ts'
import { startProxy } from '../harness/proxy.ts'
import { until } from '../harness/wait.ts'
import { listingChanges, readNotebook } from '../notes/listing-operations.ts'
import { importedFolders, importedNote, importedNotes, importedRecord, importedRecords, logIn } from './operations.ts'

const root = join(import.meta.dirname, '../..')
const timeoutMs = 240_000

interface Outcome {
  readonly code: number | null
  readonly output: string
}

function start(program: string, parameters: readonly string[]): { child: ChildProcess; output: () => string; ended: Promise<Outcome> } {
  const child = spawn(process.execPath, [join(root, 'examples/import', program), ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  const output = () => Buffer.concat(chunks).toString()
  child.stdout.on('data', chunk => chunks.push(chunk))
  child.stderr.on('data', chunk => chunks.push(chunk))
  return { child, output, ended: once(child, 'close').then(([code]) => ({ code, output: output() })) }
}

const folder = mkdtempSync(join(tmpdir(), 'tidemark-import-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const lines = (rows: readonly object[]) => rows.map(row => JSON.stringify(row)).join('\n')
const save = (name: string, text: string) => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}
const rowsOf = (file: string) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, string>)

async function signIn(url: string, { email, password }: { email: string; password: string }): Promise<Client & { accessToken: string }> {
  const { login } = await clientOf(url).run(logIn, { input: { email, password } })
  return { ...clientOf(url, login.accessToken), accessToken: login.accessToken }
}

interface Page<Node> {
  readonly nodes: readonly Node[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null | undefined }
}

/** All of a list, page by page. */
async function all<Node>(read: (after: string | null) => Promise<Page<Node>>): Promise<Node[]> {
  const nodes: Node[] = []
  for (let after: string | null = null; ; ) {
    const page: Page<Node> = await read(after)
    nodes.push(...page.nodes)
    if (!page.pageInfo.hasNextPage) return nodes
    after = page.pageInfo.endCursor ?? null
  }
}

describe.each(modes)('on %s', mode => {
  const servers = useServers(mode)
  let people = 0
  const someone = () => ({ email: `importer.${mode.replace('+', '.')}.${people++}@example.org`, password: 'correct horse battery' })
  const login = (who: { email: string; password: string }) => ['--email', who.email, '--password', who.password, '--register']
  const run = (...parameters: string[]) => start('main.ts', ['--url', servers.one.url, ...parameters]).ended

  test('records, folders and notes arrive with all that the export says of them', { timeout: timeoutMs }, async () => {
    const who = someone()
    const file = save(
      `${mode}-all.json`,
      JSON.stringify(
        [
          {
            user_id: 'u1',
            id: 7,
            folder_id: 'inner',
            title: 'A note',
            content: 'line\nline',
            tags: ['x'],
            type: 'code',
            starred: true,
            archived: true,
            hidden: false,
            trashed_at: '2024-03-04 05:06:07.891234+02',
            created_at: '2024-01-01T00:00:00Z',
            updated_at: 1_706_745_600_000,
          },
          { user_id: 'u1', id: 'inner', parent_id: 'outer', name: 'Inner', color: '#fff', position: 4 },
          { user_id: 'u1', id: 'outer', parent_id: null, name: 'Outer' },
          { user_id: 'u1', id: 'secret', encrypted_title: 'dGl0bGU=', encrypted_content: 'Y29udGVudA==', iv: 'iv', salt: 'salt' },
          { user_id: 'u1', collection: 'tasks', key: 'kept', value: { a: [1, null, 'x'] }, updated_at: '2024-02-01T00:00:00.123Z', deleted_at: null },
          { user_id: 'u1', collection: 'tasks', key: 'gone', value: null, updated_at: '2024-02-01T00:00:00Z', deleted_at: '2024-02-02T00:00:00Z' },
          { user_id: 'u1', collection: 'tasks', key: 'null', value: null, updated_at: '2024-02-01T00:00:00Z', deleted_at: null },
        ],
        null,
        2,
      ),
    )
    const { code, output } = await run(...login(who), file)
    expect(output).toContain('Imported 2 folders, 2 notes, 3 records')
    expect(code).toBe(0)
    const client = await signIn(servers.one.url, who)
    const scope = '\nu1'
    expect((await client.run(importedNote, { id: idFor('note', '7', scope) })).note).toEqual({
      folder: {
        id: idFor('fold', 'inner', scope),
        name: 'Inner',
        color: '#fff',
        position: 4,
        parent: { id: idFor('fold', 'outer', scope), name: 'Outer' },
      },
      type: 'CODE',
      title: 'A note',
      content: 'line\nline',
      encryptedContent: null,
      iv: null,
      tags: ['x'],
      starred: true,
      archived: true,
      hidden: false,
      trashedAt: '2024-03-04T03:06:07.891Z',
      createdAt: '2024-01-01T00:00:00.000Z',
      updatedAt: '2024-02-01T00:00:00.000Z',
    })
    expect((await client.run(importedNote, { id: idFor('note', 'secret', scope) })).note).toMatchObject({
      title: null,
      encryptedContent: 'Y29udGVudA==',
      iv: 'iv',
    })
    const record = async (key: string) => (await client.run(importedRecord, { collection: 'tasks', key })).record
    expect(await record('kept')).toMatchObject({ value: { a: [1, null, 'x'] }, updatedAt: '2024-02-01T00:00:00.123Z', deletedAt: null })
    expect(await record('null')).toMatchObject({ value: null, deletedAt: null })
    const { records } = await client.run(importedRecords, { collection: 'tasks' })
    expect(records.nodes.find(node => node.key === 'gone')).toMatchObject({ updatedAt: '2024-02-02T00:00:00.000Z', deletedAt: expect.any(String) })
  })

  test('killed half-way and run again: nothing twice, nothing lost', { timeout: timeoutMs }, async () => {
    const made = join(folder, `${mode}-big`)
    const counts = { folders: 900, notes: 6_000, records: 12_000 }
    const generated = await start('generate.ts', [
      ...['--folder', made, '--users', '2', '--domain', `${mode.replace('+', '.')}.example.org`],
      ...Object.entries(counts).flatMap(([name, count]) => [`--${name}`, String(count)]),
    ]).ended
    expect(generated).toEqual({ code: 0, output: '' })
    const files = ['notes', 'folders', 'records'].map(name => join(made, `${name}.ndjson`))
    const stateFile = `${files[0]}.state.json`
    const parameters = ['--url', servers.one.url, '--users', join(made, 'users.json'), '--register', ...files]
    // One of them has an account already.
    const users = Object.entries(JSON.parse(readFileSync(join(made, 'users.json'), 'utf8')) as Record<string, { email: string; password: string }>)
    const first = await clientOf(servers.one.url).run(register, { input: users[0]?.[1] ?? someone() })
    const { notebook } = await clientOf(servers.one.url, first.register.accessToken).run(readNotebook, {})

    const rowsDone = () => {
      if (!existsSync(stateFile)) return 0
      const { progress } = JSON.parse(readFileSync(stateFile, 'utf8')) as { progress: { counts: Record<string, { imported: number }> } }
      return Object.values(progress.counts).reduce((sum, { imported }) => sum + imported, 0)
    }
    // Once without a word, and once as by Ctrl-C.
    for (const [signal, from] of [
      ['SIGKILL', 1],
      ['SIGINT', 5_000],
    ] as const) {
      const { child, ended } = start('main.ts', parameters)
      await until('some rows are in', () => rowsDone() >= from, 60_000)
      child.kill(signal)
      const { code, output } = await ended
      expect(code).toBe(signal === 'SIGINT' ? 130 : null)
      if (signal === 'SIGINT') expect(output).toContain('The same command goes on from here.')
      expect(rowsDone()).toBeLessThan(counts.folders + counts.notes + counts.records)
    }
    const { code, output } = await start('main.ts', parameters).ended
    expect(output).toContain('Imported 900 folders, 6,000 notes, 12,000 records')
    expect(output).toContain('Nothing was refused.')
    expect(code).toBe(0)
    expect(existsSync(stateFile)).toBe(false)

    const exported = { folders: rowsOf(files[1] ?? ''), notes: rowsOf(files[0] ?? ''), records: rowsOf(files[2] ?? '') }
    for (const [userId, who] of users) {
      const of = (rows: readonly Record<string, string>[]) => rows.filter(row => row['user_id'] === userId)
      const client = await signIn(servers.one.url, who)
      const { folders } = await client.run(importedFolders, {})
      expect(folders.length).toBe(of(exported.folders).length + 3)
      const views = [{}, { archived: true }, { hidden: true }, { trashed: true }]
      const notes = (await Promise.all(views.map(filter => all(async after => (await client.run(importedNotes, { filter, after })).notes)))).flat()
      const wanted = of(exported.notes).map(row => idFor('note', row['id'] ?? '', `\n${userId}`))
      expect(notes.map(note => note.id).sort()).toEqual(wanted.sort())
      const names = [...new Set(of(exported.records).map(row => row['collection'] ?? ''))]
      const stored = await Promise.all(
        names.map(collection => all(async after => (await client.run(importedRecords, { collection, after })).records)),
      )
      expect(
        stored
          .flat()
          .map(({ key, version }) => `${key} ${version}`)
          .sort(),
      ).toEqual(
        of(exported.records)
          .map(row => `${row['key']} 1`)
          .sort(),
      )
      if (userId !== users[0]?.[0]) continue
      // Their feed shows each thing once, too.
      const things = folders.length - 3 + notes.length
      await using reader = await followFeed(
        servers.one.wsUrl,
        client.accessToken,
        listingChanges,
        { after: notebook.cursor },
        data => data.notebookChanges,
      )
      const [, ...items] = await reader.got(1 + things, 60_000)
      expect(new Set(items.map(item => ('noteId' in item ? item.noteId : 'folderId' in item ? item.folderId : ''))).size).toBe(things)
      expect(items.length).toBe(things)
    }
  })

  test('what is there already is skipped, and what is older loses', { timeout: timeoutMs }, async () => {
    const who = someone()
    const row = (key: string, value: number, time: string) => ({ collection: 'c', key, value, updated_at: `2024-01-01T00:00:${time}Z` })
    const things = (word: string) => [
      { id: 'n', title: word },
      { id: 'f', name: word },
    ]
    const first = save(`${mode}-first.ndjson`, lines([row('k', 1, '05'), ...things('first')]))
    const second = save(`${mode}-second.ndjson`, lines([row('k', 2, '04'), row('l', 3, '04'), ...things('second'), { id: 'm', folder_id: 'f' }]))
    expect((await run(...login(who), first)).output).toContain('Imported 1 folders, 1 notes, 1 records in')
    expect((await run(...login(who), second)).output).toContain('Imported 0 folders (+ 1 skipped), 1 notes (+ 1 skipped), 1 records (+ 1 skipped) in')
  })

  test('what can’t be taken is told with its reason, and the rest goes in', { timeout: timeoutMs }, async () => {
    const who = someone()
    const good = Array.from({ length: 20 }, (_, index) => ({ user_id: 'u', collection: 'c', key: `good${index}`, value: index }))
    const file = save(
      `${mode}-bad.ndjson`,
      [
        lines(good.slice(0, 10)),
        '{ this is no JSON',
        '[1]',
        '',
        lines([
          { user_id: 'u', collection: 'c', key: 'x'.repeat(257), value: 1 },
          { user_id: 'u', collection: 'c', key: 'later', value: 1, updated_at: '2999-01-01T00:00:00Z' },
          { user_id: 'u', collection: 'c', key: 'when', value: 1, updated_at: 'yesterday' },
          { user_id: 'u', collection: 'c', key: 'large', value: 'x'.repeat(300_000) },
          { user_id: 'u', collection: 'c', key: 'huge', value: 'x'.repeat(1_200_000) },
          { user_id: 'other', collection: 'c', key: 'foreign', value: 1 },
          { user_id: 'u', id: 'a', name: ' ' },
          { user_id: 'u', id: 'b', name: 'below the bad one', parent_id: 'a' },
          { user_id: 'u', id: 'c', name: 'in a circle', parent_id: 'd' },
          { user_id: 'u', id: 'd', name: 'in a circle', parent_id: 'c' },
          { user_id: 'u', id: 'n1', title: 'in the bad one', folder_id: 'a' },
          { user_id: 'u', id: 'n2', title: 'nowhere', folder_id: 'gone' },
          { user_id: 'u', id: 'n3', title: 'nowhere either', folder_id: 'gone' },
          { user_id: 'u', id: 'n4', title: 'x', type: 'novel' },
          { user_id: 'u', title: 'without an id' },
          { user_id: 'u', id: 'n5', title: 'half encrypted', iv: 'iv' },
          { user_id: 'u', id: 'n6', title: 'good', tags: ['t'] },
        ]),
        lines(good.slice(10)),
      ].join('\n'),
    )
    const { code, output } = await run(...login(who), file)
    expect(output).toContain('Imported 0 folders, 1 notes, 20 records')
    expect(code).toBe(1)
    const refused = rowsOf(`${file}.refused.ndjson`).map(({ id, row, code, reason }) => [id ?? `row ${row}`, code, reason?.split(':')[0]])
    expect(refused.sort((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual(
      [
        ['row 11', 'BAD_ROW', 'is no JSON'],
        ['row 12', 'BAD_ROW', 'is no object'],
        ['row 15', 'BAD_ROW', 'has a updated_at that is no time'],
        ['row 27', 'BAD_ROW', 'has no id'],
        [`c/${'x'.repeat(257)}`, 'BAD_USER_INPUT', 'key'],
        ['c/later', 'CLOCK_SKEW', 'updatedAt'],
        ['c/large', 'PAYLOAD_TOO_LARGE', 'value'],
        ['c/huge', 'PAYLOAD_TOO_LARGE', expect.stringContaining('The request is above')],
        ['c/foreign', 'NO_ACCOUNT', expect.stringContaining('the user other is not u')],
        ['a', 'BAD_USER_INPUT', 'name'],
        ['b', 'BAD_USER_INPUT', 'parentId'],
        ['c', 'BAD_USER_INPUT', 'parentId'],
        ['d', 'BAD_USER_INPUT', 'parentId'],
        ['n1', 'NOT_FOUND', 'The folder it is in was refused, or is nowhere.'],
        ['n2', 'BAD_USER_INPUT', 'folderId'],
        ['n3', 'BAD_USER_INPUT', 'folderId'],
        ['n4', 'BAD_USER_INPUT', 'type'],
        ['n5', 'BAD_USER_INPUT', 'encryptedTitle'],
      ].sort((a, b) => (String(a) < String(b) ? -1 : 1)),
    )
  })

  test('a server that goes away for a moment is waited for', { timeout: timeoutMs }, async () => {
    const who = someone()
    await using proxy = await startProxy(servers.one.port)
    proxy.refuse()
    const file = save(
      `${mode}-away.ndjson`,
      lines(Array.from({ length: 3_000 }, (_, index) => ({ collection: 'c', key: `k${index}`, value: index }))),
    )
    const { ended, output } = start('main.ts', ['--url', proxy.through(servers.one.url), ...login(who), file])
    setTimeout(() => proxy.accept(), 1_500)
    expect((await ended).output).toContain('Imported 0 folders, 0 notes, 3,000 records')
    expect(output()).toContain('Nothing was refused.')
  })

  test('without the right password nothing goes in', { timeout: timeoutMs }, async () => {
    const file = save(`${mode}-stranger.ndjson`, lines([{ collection: 'c', key: 'k', value: 1 }]))
    const { code, output } = await run('--email', 'nobody@example.org', '--password', 'wrong horse battery', file)
    expect(code).toBe(1)
    expect(output).toContain('INVALID_CREDENTIALS')
  })
})

describe('reading', () => {
  const read = async (text: string) => {
    const found = []
    for await (const { number, value, fault } of readRows(save('read.json', text), () => {}))
      found.push(fault === undefined ? [number, value] : [number, 'fault'])
    return found
  }
  const rows = [
    [1, { a: 1 }],
    [2, { b: '\u2028 ü 😀' }],
  ]

  test.each([
    ['lines', '{"a":1}\n{"b":"\u2028 ü 😀"}\n'],
    ['lines without an end, with empty ones and returns', '\n{"a":1}\r\n\n{"b":"\u2028 ü 😀"}'],
    ['an array', ' [{"a":1},\n {"b":"\u2028 ü 😀"}] '],
    ['a mark of the byte order', '\ufeff{"a":1}\n{"b":"\u2028 ü 😀"}'],
    ['an array with that mark', '\ufeff[{"a":1},{"b":"\u2028 ü 😀"}]'],
  ])('%s', async (_, text) => {
    expect(await read(text)).toEqual(rows)
  })

  test('nothing at all', async () => {
    expect(await read('')).toEqual([])
    expect(await read('[]')).toEqual([])
  })

  test('rows that lie across the parts in which a file is read', async () => {
    const values = Array.from({ length: 3_000 }, (_, index) => ({ index, text: 'ü😀'.repeat(index % 200) }))
    const expected = values.map((value, index) => [index + 1, value])
    expect(await read(lines(values))).toEqual(expected)
    expect(await read(JSON.stringify(values))).toEqual(expected)
  })

  test('an array that ends too early', async () => {
    await expect(read('[{"a":1},{"b"')).rejects.toThrow()
    await expect(read('[{"a":1}')).rejects.toThrow('not complete')
  })
})

test('ids stay the same, differ for each source, user and kind, and are ids of the server', () => {
  const ids = [idFor('note', '1', 'a'), idFor('note', '1', 'b'), idFor('note', '2', 'a'), idFor('fold', '1', 'a')]
  expect(new Set(ids).size).toBe(4)
  expect(ids.map(prefixOf)).toEqual(['note', 'note', 'note', 'fold'])
  expect(idFor('note', '1', 'a')).toBe(ids[0])
  const uuid = '0198c5a0-0000-7000-8000-000000000001'
  expect([idFor('note', uuid, 'a'), idFor('note', `note_${uuid}`, 'b')]).toEqual([`note_${uuid}`, `note_${uuid}`])
})

test.each([
  ['2024-01-02T03:04:05.678Z', '2024-01-02T03:04:05.678Z'],
  ['2024-01-02 03:04:05', '2024-01-02T03:04:05.000Z'],
  ['2024-01-02 03:04:05.678912+00', '2024-01-02T03:04:05.678Z'],
  ['2024-01-02T03:04:05+05:30', '2024-01-01T21:34:05.000Z'],
  ['2024-01-02 03:04:05-03', '2024-01-02T06:04:05.000Z'],
  ['2024-01-02T03:04', '2024-01-02T03:04:00.000Z'],
  [0, '1970-01-01T00:00:00.000Z'],
])('the time %s is %s', (given, expected) => {
  expect(convert({ collection: 'c', key: 'k', value: 1, updated_at: given }, '').input['updatedAt']).toBe(expected)
})

test('folders have their turn behind their parents, one pass for each level that comes too early', () => {
  const order = createFolderOrder()
  const rows = ['d', 'c', 'b', 'a'].map((id, index, all) => convert({ id, name: id, parent_id: all[index + 1] ?? null }, ''))
  const turns: string[][] = []
  do {
    order.begin()
    turns.push(rows.filter(row => order.place(row, false)).map(row => row.name))
  } while (order.isGrowing)
  expect(turns).toEqual([['a'], ['b'], ['c'], ['d']])
})

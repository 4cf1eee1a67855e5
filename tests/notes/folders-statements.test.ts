import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { newId } from '../../src/platform/ids.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { clientOf, signUp } from '../harness/client.ts'
import { type Environment, environmentOf, modes } from '../harness/modes.ts'
import { importIntoFolders, readTree } from './folders-operations.ts'

/** Every statement of this process to a database goes through here; those that ask for something else, such as tokens, come when they come. */
const query = Client.prototype.query
let statements = 0
beforeAll(() => {
  Client.prototype.query = function (this: Client, ...parameters: Parameters<typeof query>) {
    const [given] = parameters as readonly unknown[]
    const text = typeof given === 'string' ? given : (given as { readonly text?: string }).text
    if (/\b(folders|notes|notebooks)\b/.test(text ?? '')) statements++
    return query.apply(this, parameters)
  } as typeof query
})
afterAll(() => {
  Client.prototype.query = query
})

describe.each(modes)('on %s', mode => {
  let environment: Environment
  let app: App
  beforeAll(async () => {
    environment = await environmentOf(mode)
    app = await createApp(loadConfig(environment.env), createLogger('silent'))
  })
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]()
    await environment?.[Symbol.asyncDispose]()
  })

  test('a thousand folders with parents, children and counts are read with as many statements as five', async () => {
    const url = `${new URL(app.url).origin}/graphql`
    const ann = await signUp(url, 'ann')
    const client = clientOf(url, ann.accessToken)
    const cost = async () => {
      const before = statements
      const { folders } = await client.run(readTree, {})
      return { count: statements - before, folders }
    }
    const parentId = newId('fold')
    const folder = { id: newId('fold'), name: 'inner', parentId }
    await client.run(importIntoFolders, {
      input: { folders: [{ id: parentId, name: 'outer' }, folder], notes: [{ id: newId('note'), folderId: folder.id }] },
    })
    const few = await cost()
    expect(few.folders).toHaveLength(5)
    expect(few.count).toBeGreaterThan(3)

    const ids = Array.from({ length: 995 }, () => newId('fold'))
    // Ten below each, as far as they go.
    const folders = ids.map((id, index) => ({ id, name: `folder ${index}`, parentId: index < 10 ? null : ids[Math.floor(index / 10) - 1] }))
    const notes = ids.map(folderId => ({ id: newId('note'), folderId }))
    await client.run(importIntoFolders, { input: { folders, notes } })
    const many = await cost()
    expect(many.folders).toHaveLength(1_000)
    expect(many.count).toBe(few.count)
    // None of it is empty: the statements that were few brought all this.
    expect(many.folders.filter(folder => folder.parent === null).reduce((sum, folder) => sum + folder.noteCount, 0)).toBe(996)
    expect(many.folders.reduce((sum, folder) => sum + folder.children.length, 0)).toBe(986)
  })
})

import { beforeAll, describe, expect, test } from 'vitest'
import { type Person, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { listFolders, readFolder } from './folders-operations.ts'

describe.each(modes)('folders on %s', mode => {
  const servers = useServers(mode, { nodes: 2 })
  let ann: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
  })
  const list = async (by = ann) => (await by.run(listFolders, {})).folders
  const read = async (id: string, by = ann) => (await by.run(readFolder, { id })).folder

  test('begin with three, made once, however many ask first and wherever', async () => {
    const people = await Promise.all(Array.from({ length: 3 }, () => signUp(servers.one.url, 'new')))
    for (const person of people) {
      const asked = await Promise.all(
        Array.from({ length: 10 }, (_, index) => list(index % 2 ? person : { ...person, ...person.at(servers.other.url) })),
      )
      expect(new Set(asked.map(folders => JSON.stringify(folders))).size).toBe(1)
      expect(asked[0]).toMatchObject([
        { name: 'Personal', color: null, position: 0, isDefault: true, parent: null },
        { name: 'Work', color: null, position: 1, isDefault: true, parent: null },
        { name: 'Projects', color: null, position: 2, isDefault: true, parent: null },
      ])
      expect(await read(asked[0]?.[0]?.id ?? '', person)).toMatchObject({ ...asked[0]?.[0], noteCount: 0, children: [] })
    }
  })
})

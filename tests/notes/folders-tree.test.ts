import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { codeOf, type Person, refusalOf, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createFolder, importIntoFolders, reorderFolders, updateFolder } from './folders-operations.ts'
import { foldersOf } from './folders-world.ts'

type Imported = { readonly id: string; readonly parentId: string; readonly name: string; readonly position: number }

const badParent = { code: 'BAD_USER_INPUT', field: 'input.parentId' }

describe.each(modes)('the tree of folders on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let folders: ReturnType<typeof foldersOf>
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    folders = foldersOf(ann)
  })
  /** So many folders, each in the one before it, from the outermost on. */
  async function chain(length: number, parentId: string | null = null): Promise<string[]> {
    const ids: string[] = []
    for (let level = 0; level < length; level++) ids.push((await folders.make({ name: `level ${level}`, parentId: ids.at(-1) ?? parentId })).id)
    return ids
  }
  const last = (ids: readonly string[]) => ids.at(-1) ?? ''
  const first = (ids: readonly string[]) => ids[0] ?? ''

  test('has no circles: a folder goes neither into itself nor below itself', async () => {
    const ids = await chain(4)
    for (const parentId of ids) expect(await refusalOf(ann.ask(updateFolder, { input: { id: first(ids), parentId } }))).toEqual(badParent)
    expect(await folders.change({ id: last(ids), parentId: first(ids) })).toMatchObject({ position: 1, parent: { id: ids[0] } })
  })

  test('has no circles when two folders are put into each other at once', async () => {
    for (let round = 0; round < 10; round++) {
      const pair = await Promise.all([folders.make(), folders.make()])
      const codes = await Promise.all(
        pair.map(({ id }, index) =>
          codeOf((index ? ann : ann.at(servers.other.url)).ask(updateFolder, { input: { id, parentId: pair[1 - index]?.id ?? '' } })),
        ),
      )
      expect(codes.toSorted()).toEqual(['BAD_USER_INPUT', null])
    }
  })

  test('is at most 64 levels deep, whether a folder is made or a whole branch is moved', async () => {
    const deep = await chain(64)
    expect(await refusalOf(ann.ask(createFolder, { input: { name: 'too deep', parentId: last(deep) } }))).toEqual(badParent)
    const branch = await chain(3)
    const [, middle = ''] = branch
    const move = (parentId: string) => refusalOf(ann.ask(updateFolder, { input: { id: first(branch), parentId } }))
    for (const level of [62, 63, 64]) expect(await move(deep[level - 1] ?? '')).toEqual(badParent)
    expect(await move(deep[60] ?? '')).toBeNull()
    expect(await refusalOf(ann.ask(updateFolder, { input: { id: middle, parentId: deep[61] } }))).toBeNull()
    expect(await refusalOf(ann.ask(createFolder, { input: { name: 'too deep', parentId: last(branch) } }))).toEqual(badParent)
    expect((await folders.list()).filter(({ id }) => deep.includes(id) || branch.includes(id))).toHaveLength(67)
  })

  test('is at most 64 levels deep when branches are put onto each other at once', async () => {
    for (let round = 0; round < 3; round++) {
      const [lower, upper, trunk] = [await chain(22), await chain(22), await chain(22)]
      const moves = [
        { id: first(upper), parentId: last(trunk) },
        { id: first(lower), parentId: last(upper) },
      ]
      const codes = await Promise.all(moves.map((input, index) => codeOf((index ? ann : ann.at(servers.other.url)).ask(updateFolder, { input }))))
      expect(codes.toSorted()).toEqual(['BAD_USER_INPUT', null])
    }
  })

  test('keeps folders made at the same place at the same time behind each other', async () => {
    const { id } = await folders.make()
    await Promise.all(Array.from({ length: 12 }, (_, index) => foldersOf(index % 2 ? ann : ann.at(servers.other.url)).make({ parentId: id })))
    const children = (await folders.list()).filter(folder => folder.parent?.id === id)
    expect(children.map(folder => folder.position)).toEqual(Array.from({ length: 12 }, (_, index) => index))
  })

  test('is put into another order place by place, and what keeps its place does not change', async () => {
    const { id } = await folders.make()
    const made = []
    for (const name of ['a', 'b', 'c', 'd', 'e']) made.push(await folders.make({ name, parentId: id }))
    const [a, b, c, d, e] = made.map(folder => folder.id) as [string, string, string, string, string]
    await folders.remove(b)
    const before = new Map((await folders.list()).map(folder => [folder.id, folder]))
    const after = await folders.reorder(id, [a, d, c, e])
    expect(after.map(folder => [folder.name, folder.position])).toEqual([
      ['a', 0],
      ['d', 2],
      ['c', 3],
      ['e', 4],
    ])
    expect(after[0]).toEqual(before.get(a))
    expect(after[3]).toEqual(before.get(e))
    expect((await folders.list()).filter(folder => folder.parent?.id === id)).toEqual(after)
    expect((await folders.read(id))?.children.map(child => child.id)).toEqual([a, d, c, e])
    expect(await folders.reorder(id, [a, d, c, e])).toEqual(after)
  })

  test('is put into another order where folders came from elsewhere with the same position', async () => {
    const { id: parentId } = await folders.make()
    const [a, b, c] = ['a', 'b', 'c'].map(name => ({ id: `fold_${v7()}`, parentId, name, position: 7 })) as [Imported, Imported, Imported]
    await ann.run(importIntoFolders, { input: { folders: [a, b, c, { id: `fold_${v7()}`, parentId, name: 'd', position: 1_000_000_000 }] } })
    const before = (await folders.read(parentId))?.children.map(child => child.id) ?? []
    const after = await folders.reorder(parentId, before.toReversed())
    expect(after.map(folder => folder.id)).toEqual(before.toReversed())
    expect(after.map(folder => folder.position)).toEqual([7, 8, 9, 1_000_000_000])
    expect(await folders.make({ parentId })).toMatchObject({ position: 1_000_000_001 })
    for (const position of [-1, 1_000_000_001, 2_147_483_647])
      expect(await refusalOf(ann.ask(importIntoFolders, { input: { folders: [{ ...a, id: `fold_${v7()}`, position }] } }))).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'input.folders.0.position',
      })
  })

  test('is put into another order only by who names all that is there, each once', async () => {
    const { id } = await folders.make()
    const [a, b, c] = [await folders.make({ parentId: id }), await folders.make({ parentId: id }), await folders.make({ parentId: id })]
    const inner = await folders.make({ parentId: a.id })
    const refusal = (folderIds: string[], parentId: string | null = id) => refusalOf(ann.ask(reorderFolders, { input: { parentId, folderIds } }))
    const at = (index: number) => ({ code: 'BAD_USER_INPUT', field: `input.folderIds.${index}` })
    const few = { code: 'BAD_USER_INPUT', field: 'input.folderIds' }
    expect(await refusal([a.id, b.id])).toEqual(few)
    expect(await refusal([])).toEqual(few)
    expect(await refusal([a.id, b.id, a.id])).toEqual(at(2))
    expect(await refusal([a.id, b.id, c.id, c.id])).toEqual(at(3))
    expect(await refusal([a.id, inner.id, b.id, c.id])).toEqual(at(1))
    expect(await refusal([`fold_${v7()}`, b.id, c.id])).toEqual(at(0))
    expect(await refusal(['\0'])).toEqual(at(0))
    expect(await refusal([a.id, b.id, c.id], null)).toEqual(at(0))
    expect(await refusal([], inner.id)).toBeNull()
    expect(await refusal([], `fold_${v7()}`)).toEqual(badParent)
    expect((await folders.read(id))?.children.map(child => child.id)).toEqual([a.id, b.id, c.id])
  })

  test('gives what was in a deleted folder to the one it was in', async () => {
    const home = await folders.make({ name: 'home' })
    const stays = await folders.make({ name: 'stays', parentId: home.id })
    const goes = await folders.make({ name: 'goes', parentId: home.id })
    const after = await folders.make({ name: 'after', parentId: home.id })
    const [x, y] = [await folders.make({ name: 'x', parentId: goes.id }), await folders.make({ name: 'y', parentId: goes.id })]
    const inner = await folders.make({ name: 'inner', parentId: x.id })
    await folders.reorder(goes.id, [y.id, x.id])
    const [noteInGoes, noteInX] = [await folders.note(goes.id), await folders.note(x.id)]
    const noteBefore = await folders.readNote(noteInX)

    expect(await folders.remove(goes.id)).toBe(goes.id)
    const children = (await folders.list()).filter(folder => folder.parent?.id === home.id)
    expect(children.map(folder => folder.name)).toEqual(['stays', 'after', 'y', 'x'])
    expect(children.map(folder => folder.id)).toEqual([stays.id, after.id, y.id, x.id])
    expect(await folders.readNote(noteInGoes)).toMatchObject({ version: 2, folder: { id: home.id } })
    expect(await folders.readNote(noteInX)).toEqual(noteBefore)
    expect(await folders.read(inner.id)).toMatchObject({ parent: { id: x.id } })
    expect(await folders.read(home.id)).toMatchObject({ noteCount: 2 })

    await folders.remove(home.id)
    expect(
      (await folders.list())
        .filter(folder => folder.parent === null)
        .map(folder => folder.name)
        .slice(-4),
    ).toEqual(['stays', 'after', 'y', 'x'])
    expect(await folders.readNote(noteInGoes)).toMatchObject({ version: 3, folder: null })
  })
})

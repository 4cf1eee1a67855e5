import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { schema } from '../../src/schema.ts'
import { clientOf, type Person, signUp } from '../harness/client.ts'
import { type Environment, environmentOf, modes } from '../harness/modes.ts'
import { isBesides, listenToStatements } from '../harness/statements.ts'
import { until } from '../harness/wait.ts'
import { type Device, deviceOf } from '../presence/world.ts'
import { askedOf, foundIn, isEmpty, typesInLists } from './to-many.ts'
import { args, empty, type Scene, scenes } from './to-many-scenes.ts'
import { type World, worldOf } from './to-many-world.ts'

const types = typesInLists(schema)
const nodes = types.filter(type => type.getInterfaces().some(({ name }) => name === 'Node'))
// What is heavy is weighed before it is read where there are more than four.
const few = 5
const many = 10
const adminKey = 'the key of the administrators of this test'

test('each type that there may be many of has a scene, and what scenes say is of the schema', () => {
  expect(Object.keys(scenes)).toEqual(types.map(({ name }) => name))
  const names = types.flatMap(type => Object.keys(type.getFields()).map(field => `${type.name}.${field}`))
  expect(names).toEqual(expect.arrayContaining([...Object.keys(args), ...Object.keys(empty)]))
})

interface State {
  readonly connectionsByUser: readonly object[]
  readonly exports: { readonly nodes: readonly { readonly status: string }[] }
}

describe.each(modes)('on %s', mode => {
  const listening = listenToStatements()
  let environment: Environment
  let app: App
  let admin: Person
  const worlds: World[] = []
  const devices: Device[] = []
  beforeAll(async () => {
    environment = await environmentOf(mode)
    const config = { ...environment.env, ADMIN_API_KEY: adminKey, CLEANUP_INTERVAL_MS: '3600000', HEAL_INTERVAL_MS: '3600000' }
    app = await createApp(loadConfig({ ...config, TYPING_TIMEOUT_MS: '60000' }), createLogger('silent'))
    const url = `${new URL(app.url).origin}/graphql`
    const keyed = clientOf(url, null, { 'x-admin-api-key': adminKey })
    admin = await signUp(url, 'admin')
    await keyed.post(JSON.stringify({ query: `mutation { setRole(input: { userId: "${admin.id}", role: ADMIN }) { user { id } } }` }))
    for (const count of [few, many]) worlds.push(await worldOf(url, admin, count))
    for (let index = 0; index < many; index++) devices.push(await deviceOf({ wsUrl: url.replace('http', 'ws') }, await signUp(url, 'connected')))
    // Nodes tell of those now and then, and what is exported is read behind everything else.
    const query = '{ connectionsByUser(first: 500) { deviceCount } exports(first: 500) { nodes { status } } }'
    const state = async () => (await admin.post(JSON.stringify({ query }))).data as unknown as State
    await until('all who are connected are known', async () => (await state()).connectionsByUser.length >= many)
    await until('all exports are there', async () => (await state()).exports.nodes.every(({ status }) => status === 'READY'))
  }, 240_000)
  afterAll(async () => {
    for (const device of devices) await device[Symbol.asyncDispose]()
    await app?.[Symbol.asyncDispose]()
    await environment?.[Symbol.asyncDispose]()
  })

  /** What an operation gives where there are so many, and which statements that takes. */
  async function readFrom({ me, friends, count, bePresent }: World, { as, query, needsPresent }: Scene, selection: string) {
    if (needsPresent) await bePresent()
    const text = query(count)
      .replace('#', selection)
      .replace('$me', JSON.stringify(me.id))
      .replace('$friends', JSON.stringify(friends.map(({ id }) => id)))
    const asker = as === 'admin' ? admin : me
    const { result, statements } = await listening.during(/./, () => asker.post(JSON.stringify({ query: text })))
    expect(result.errors, text).toEqual([])
    return {
      found: foundIn(result.data),
      texts: statements.flatMap(sent => (isBesides(sent) ? [] : [sent.text.replace(/\$\d+(?:, \$\d+)*/g, '$')])).sort(),
    }
  }

  test.each(nodes.map(type => type.name))('nodes that are a %s', async name => {
    const scene = scenes[name]
    if (!scene) throw new Error(`There is no scene with many of ${name}.`)
    const answers = []
    for (const world of worlds) {
      const { found: ids } = await readFrom(world, scene, 'found: id')
      const asked = JSON.stringify(ids.slice(0, world.count))
      const { found, texts } = await readFrom(world, { ...scene, query: () => `{ nodes(ids: ${asked}) { # } }` }, 'found: id __typename')
      expect(found).toEqual(ids.slice(0, world.count))
      expect(found).toHaveLength(world.count)
      answers.push(texts)
    }
    expect(answers[1]).toEqual(answers[0])
  })

  describe.each(types.map(type => [type.name, type] as const))('%s', (name, type) => {
    test.each(askedOf(type, args).map(asked => [asked.name, asked] as const))('%s', async (_, { name: field, selection, isDeep }) => {
      const scene = scenes[name]
      if (!scene) throw new Error(`There is no scene with many of ${name}.`)
      const answers = []
      for (const world of worlds) {
        const { found, texts } = await readFrom(world, scene, selection)
        const given = isDeep && !(field in empty) ? found.filter(value => !isEmpty(value)) : found
        expect(given.length, `${field} of so many`).toBeGreaterThanOrEqual(world.count)
        answers.push(texts)
      }
      expect(answers[1]).toEqual(answers[0])
    })
  })
})

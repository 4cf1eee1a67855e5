/** Makes exports of any size to try the importer with: `npm run example:export -- --folder exports --notes 100000`. */
import { once } from 'node:events'
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { seededRandom } from '../replay/random.ts'

const { values: options } = parseArgs({
  options: {
    folder: { type: 'string', default: 'exports' },
    users: { type: 'string', default: '20' },
    records: { type: 'string', default: '100000' },
    notes: { type: 'string', default: '100000' },
    folders: { type: 'string', default: '100000' },
    array: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    /** What the generated users' addresses end with. */
    domain: { type: 'string', default: 'example.org' },
  },
})

const random = seededRandom(Number(options.seed))
const below = (limit: number) => Math.floor(random() * limit)
const words = 'tide mark shore sand gull wave moon rope salt drift anchor pier harbour light fog bell chart north star deck'.split(' ')
const text = (count: number) => Array.from({ length: count }, () => words[below(words.length)]).join(' ')
const users = Number(options.users)
const end = Date.UTC(2025, 0, 1)
const time = () => new Date(end - below(3e10)).toISOString()
const userOf = (index: number) => `u-${index % users}`

function folder(index: number) {
  // A tree of the same user's folders, each behind its parent: about as deep as people make them.
  const place = Math.floor(index / users)
  const parent = place === 0 || random() < 0.1 ? null : Math.floor(place / 4) * users + (index % users)
  const created = time()
  return {
    user_id: userOf(index),
    id: `f${index}`,
    parent_id: parent === null || parent === index ? null : `f${parent}`,
    name: text(2),
    color: random() < 0.3 ? `#${below(0x1000000).toString(16).padStart(6, '0')}` : null,
    position: place,
    created_at: created,
    updated_at: created,
  }
}

function note(index: number) {
  const folders = Math.ceil(Number(options.folders) / users)
  const inside = below(folders) * users + (index % users)
  const encrypted = random() < 0.2
  const base = {
    user_id: userOf(index),
    id: `n${index}`,
    folder_id: random() < 0.8 && inside < Number(options.folders) ? `f${inside}` : null,
    type: (['NOTE', 'NOTE', 'NOTE', 'CODE', 'SHEET', 'DIAGRAM'] as const)[below(6)],
    tags: Array.from(new Set(Array.from({ length: below(4) }, () => words[below(words.length)]))),
    starred: random() < 0.1,
    archived: random() < 0.1,
    hidden: random() < 0.02,
    trashed_at: random() < 0.03 ? time() : null,
    created_at: time(),
    updated_at: time(),
  }
  if (!encrypted) return { ...base, title: text(3), content: text(20 + below(120)) }
  const cipher = (length: number) => Buffer.from(Array.from({ length }, () => below(256))).toString('base64')
  return { ...base, encrypted_title: cipher(40), encrypted_content: cipher(200 + below(600)), iv: cipher(12), salt: cipher(16) }
}

function record(index: number) {
  const updated = time()
  const deleted = random() < 0.05
  return {
    user_id: userOf(index),
    collection: `${words[below(8)]}s`,
    key: `k${index}`,
    value: deleted ? null : { title: text(2), count: below(1000), done: random() < 0.5, tags: [text(1)] },
    updated_at: updated,
    deleted_at: deleted ? updated : null,
  }
}

async function write(name: string, count: number, make: (index: number) => object): Promise<void> {
  const out = createWriteStream(join(options.folder, `${name}.${options.array ? 'json' : 'ndjson'}`))
  if (options.array) out.write('[')
  for (let index = 0; index < count; index++) {
    const separator = options.array && index > 0 ? ',\n' : ''
    if (!out.write(`${separator}${JSON.stringify(make(index))}${options.array ? '' : '\n'}`)) await once(out, 'drain')
  }
  out.end(options.array ? ']\n' : '')
  await once(out, 'close')
}

mkdirSync(options.folder, { recursive: true })
await write('folders', Number(options.folders), folder)
await write('notes', Number(options.notes), note)
await write('records', Number(options.records), record)
const accounts = Array.from({ length: users }, (_, index) => [
  userOf(index),
  { email: `${userOf(index)}@${options.domain}`, password: `a password for ${userOf(index)}` },
])
writeFileSync(join(options.folder, 'users.json'), JSON.stringify(Object.fromEntries(accounts), null, 2))

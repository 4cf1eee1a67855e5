import { ask, follow } from './api.js'
import { busy, complain, field, h, select, show, table, tell } from './dom.js'
import { bytes, count, momentOf } from './format.js'
import { operations } from './operations.ts'

const kinds = ['USERS', 'DOCUMENTS', 'RECORDS', 'NOTES', 'CHATS', 'VAULTS', 'AUDIT']
const formats = ['CSV', 'NDJSON', 'JSON']
const named = text => text[0] + text.slice(1).toLowerCase()

/** Data to take away: ordered here, written in the background, fetched when it is ready. */
export function exporting(main) {
  const known = new Map()
  const followed = new Map()
  const list = h('div')
  const kind = select(kinds.map(value => [value, named(value)]))
  const format = select(formats.map(value => [value, value]))
  const userId = h('input', { autocomplete: 'off', spellcheck: 'false', placeholder: 'all users' })
  const since = h('input', { type: 'datetime-local' })
  const create = h('button', { class: 'primary' }, 'Create export')
  const form = h(
    'form',
    {
      class: 'filters',
      onsubmit(event) {
        event.preventDefault()
        void busy(create, order)
      },
    },
    field('What', kind),
    field('Format', format),
    field('Only of (user id)', userId),
    field('Changed since', since),
    create,
  )

  async function order() {
    const input = {
      kind: kind.value,
      format: format.value,
      userId: userId.value.trim() || null,
      since: since.value ? new Date(since.value).toISOString() : null,
      idempotencyKey: crypto.getRandomValues(new Uint32Array(4)).join('-'),
    }
    const { createExport } = await ask(operations.createExport, { input })
    tell('The export is started')
    take(createExport.export)
    draw()
  }

  function take(row) {
    if (row.status === 'READY' && known.get(row.id)?.status === 'RUNNING') tell(`The export of ${named(row.kind)} is ready`)
    known.set(row.id, row)
    if (row.status !== 'RUNNING') {
      followed.get(row.id)?.()
      followed.delete(row.id)
    } else if (!followed.has(row.id)) {
      const next = ({ exportProgress }) => {
        take(exportProgress)
        draw()
      }
      followed.set(row.id, follow(operations.exportProgress, { id: row.id }, { next, error: complain }))
    }
  }

  /** Links live for an hour, and pages for longer: each click asks for its own. */
  function downloadOf({ id }) {
    const button = h('button', { class: 'primary', 'data-export': id, onclick: () => busy(button, fetchIt) }, 'Download')
    async function fetchIt() {
      const href = (await ask(operations.exportLink, { id })).export?.downloadUrl
      if (!href) throw new Error('It is gone.')
      h('a', { href, download: '' }).click()
    }
    return button
  }

  function stateOf(row) {
    if (row.status === 'FAILED') return h('span', { class: 'failed' }, row.error ?? 'failed')
    if (row.status === 'READY') return downloadOf(row)
    const percent = Math.floor(row.progress * 100)
    return h(
      'span',
      { class: 'progress' },
      h('progress', { value: row.progress, max: 1, 'aria-label': `Progress of ${named(row.kind)}` }),
      `${percent} %`,
    )
  }

  function draw() {
    const focused = document.activeElement?.dataset.export
    const rows = [...known.values()]
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
      .map(row => [
        h(
          'div',
          { class: 'person' },
          h('span', { class: 'name' }, `${named(row.kind)} · ${row.format}`),
          row.userId ? h('code', {}, row.userId) : null,
        ),
        h('time', { datetime: row.createdAt }, momentOf(row.createdAt)),
        count(row.rowCount ?? 0),
        bytes(row.sizeBytes ?? 0),
        stateOf(row),
      ])
    show(list, table('Exports', [['Export'], ['Started'], ['Rows', 'number'], ['Size', 'number'], ['State', 'acts']], rows, 'No exports yet.'))
    if (focused) list.querySelector(`[data-export="${focused}"]`)?.focus()
  }

  async function load() {
    const { exports } = await ask(operations.exports)
    for (const row of exports.nodes) take(row)
    draw()
  }

  show(
    main,
    h('h1', { tabindex: '-1' }, 'Exports'),
    h('p', { class: 'lead' }, 'Written in the background, across restarts. Vaults hold ciphertext only.'),
    h('section', { class: 'card', 'aria-label': 'New export' }, form),
    h('section', { class: 'card', 'aria-label': 'Exports' }, list),
  )
  load().catch(complain)
  return () => {
    for (const end of followed.values()) end()
    followed.clear()
  }
}

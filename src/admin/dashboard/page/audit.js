import { ask } from './api.js'
import { busy, complain, field, h, show, table, tell } from './dom.js'
import { momentOf, nameOf, timeOf } from './format.js'
import { operations } from './operations.ts'

const actorOf = ({ actor, actorId, actorBy }) => (actor ? nameOf(actor) : (actorId ?? (actorBy ? `administrator by ${actorBy}` : 'nobody known')))

const textOf = value => (typeof value === 'string' ? value : JSON.stringify(value))
const detailsOf = ({ details }) =>
  details === null
    ? '–'
    : Object.entries(details)
        .map(([name, value]) => `${name}: ${textOf(value)}`)
        .join(', ')

export const entryLine = entry => [
  h('time', { datetime: entry.at, title: momentOf(entry.at) }, timeOf(entry.at)),
  h('span', {}, h('b', { class: 'action' }, entry.action), ' ', h('span', { class: 'muted' }, actorOf(entry), entry.ip ? ` · ${entry.ip}` : '')),
]

const pageLength = 50

/** What was done, by whom, to what. */
export function audit(main) {
  let place = { after: null, before: [] }
  const action = h('input', { type: 'search', list: 'actions', autocomplete: 'off', spellcheck: 'false', placeholder: 'any' })
  const actor = h('input', { type: 'search', autocomplete: 'off', spellcheck: 'false', placeholder: 'user_…' })
  const list = h('div', { class: 'scroll' })
  const newer = h('button', { type: 'button', onclick: () => go({ after: place.before.at(-1) ?? null, before: place.before.slice(0, -1) }) }, 'Newer')
  const older = h('button', { type: 'button' }, 'Older')
  const names = h('datalist', { id: 'actions' })
  const form = h(
    'form',
    {
      class: 'filters',
      onsubmit(event) {
        event.preventDefault()
        void go({ after: null, before: [] })
      },
    },
    field('Action', action),
    field('Done by (user id)', actor),
    h('button', { class: 'primary' }, 'Show'),
    names,
  )

  async function load() {
    const variables = { first: pageLength, after: place.after, action: action.value.trim() || null, actorId: actor.value.trim() || null }
    const { auditLog } = await ask(operations.audit, variables)
    const rows = auditLog.nodes.map(entry => [
      h('time', { datetime: entry.at }, momentOf(entry.at)),
      h('b', { class: 'action whole' }, entry.action),
      h('span', { class: 'name' }, actorOf(entry)),
      h('code', {}, entry.target ?? '–'),
      h('code', { class: 'whole' }, entry.ip ?? '–'),
      h('code', { class: 'details' }, detailsOf(entry)),
    ])
    show(list, table('Audit log', [['When'], ['Action'], ['By'], ['Target'], ['Address'], ['Details']], rows, 'No such entries.'))
    names.replaceChildren(
      ...[...new Set([...[...names.children].map(({ value }) => value), ...auditLog.nodes.map(entry => entry.action)])]
        .sort()
        .map(value => h('option', { value })),
    )
    newer.disabled = place.after === null
    older.disabled = !auditLog.pageInfo.hasNextPage
    older.onclick = () => go({ after: auditLog.pageInfo.endCursor, before: [...place.before, place.after] })
    tell(`${rows.length} entries`)
  }

  function go(next) {
    place = next
    return busy(list, load)
  }

  show(
    main,
    h('h1', { tabindex: '-1' }, 'Audit'),
    h('p', { class: 'lead' }, 'Every sign-in, refusal, grant, revocation, export, role change and deletion, the newest first.'),
    h('section', { class: 'card', 'aria-label': 'Audit log' }, form, list, h('div', { class: 'pager' }, newer, older)),
  )
  load().catch(complain)
  return () => undefined
}

import { ask, follow } from './api.js'
import { entryLine } from './audit.js'
import { charts } from './chart.js'
import { complain, h, show, table } from './dom.js'
import { bytes, compact, count, duration, milliseconds, nameOf, rate } from './format.js'
import { operations } from './operations.ts'

const plottedMs = 5 * 60_000
const shownEntries = 12
const connectionsEveryMs = 5_000

const figures = [
  ['connections', 'Connections', compact, ({ authenticatedConnections }) => `${compact(authenticatedConnections)} of users`],
  ['subscriptions', 'Subscriptions', compact, () => 'running'],
  ['messagesPerSecond', 'Messages', rate, () => 'a second'],
  ['operationsPerSecond', 'Operations', rate, () => 'a second'],
  ['latencyP99Ms', 'Latency, p99', milliseconds, ({ latencyP50Ms }) => `p50 ${milliseconds(latencyP50Ms)}`],
  ['nodes', 'Nodes', count, ({ uptimeSeconds }) => `up ${duration(uptimeSeconds)}`],
]
const kept = [
  ['users', 'Users', compact],
  ['documents', 'Documents', compact],
  ['records', 'Records', compact],
  ['notes', 'Notes', compact],
  ['chats', 'Chats', compact],
  ['vaults', 'Vaults', compact],
  ['databaseBytes', 'Database', bytes],
]

/** Live figures and plots, who is connected, and what happens. Answers with what ends it. */
export function overview(main) {
  const values = new Map()
  const figure = ([key, label]) => {
    const [value, note] = [h('span', { class: 'value' }, '–'), h('span', { class: 'note' }, '\u00a0')]
    values.set(key, { value, note })
    return h('div', { class: 'figure' }, h('dt', {}, label), h('dd', {}, value, note))
  }
  const small = ([key, label]) => {
    const value = h('dd', {}, '–')
    values.set(key, { value })
    return h('div', {}, h('dt', {}, label), value)
  }
  const plots = charts(
    'Moment of the plots',
    [
      { title: 'Connections', format: compact, least: 4, lines: [{ key: 'connections', label: 'open', look: 'one', filled: true }] },
      {
        title: 'Events per second',
        format: rate,
        least: 4,
        lines: [
          { key: 'messages', label: 'messages', look: 'one', filled: true },
          { key: 'operations', label: 'operations', look: 'two' },
        ],
      },
      {
        title: 'Latency of operations',
        format: milliseconds,
        least: 10,
        lines: [
          { key: 'p50', label: 'p50', look: 'one' },
          { key: 'p99', label: 'p99', look: 'two' },
        ],
      },
    ],
    plottedMs,
  )
  const connected = h('div', {}, h('p', { class: 'empty' }, 'Loading …'))
  const activity = h('ol', { class: 'activity' })
  const version = h('span', { class: 'muted' })

  show(
    main,
    h('h1', { tabindex: '-1' }, 'Overview ', version),
    h('dl', { class: 'figures' }, figures.map(figure)),
    h(
      'section',
      { class: 'card', 'aria-labelledby': 'plots' },
      h('div', { class: 'card-head' }, h('h2', { id: 'plots' }, 'The last minutes'), plots.when),
      plots.element,
    ),
    h('dl', { class: 'card kept', 'aria-label': 'What the database holds' }, kept.map(small)),
    h(
      'div',
      { class: 'columns' },
      h('section', { class: 'card', 'aria-labelledby': 'connected' }, h('h2', { id: 'connected' }, 'Connections by user'), connected),
      h('section', { class: 'card', 'aria-labelledby': 'activity' }, h('h2', { id: 'activity' }, 'Recent activity'), activity),
    ),
  )

  function showStats(now) {
    for (const [key, , format, note] of [...figures, ...kept]) {
      values.get(key).value.textContent = format(now[key])
      if (note) values.get(key).note.textContent = note(now)
    }
    version.textContent = `version ${now.version}`
    plots.add({
      at: Date.parse(now.at),
      connections: now.connections,
      messages: now.messagesPerSecond,
      operations: now.operationsPerSecond,
      p50: now.latencyP50Ms,
      p99: now.latencyP99Ms,
    })
  }

  async function showConnected() {
    const { connectionsByUser } = await ask(operations.connected)
    const rows = connectionsByUser.map(({ user, deviceCount }) => [h('span', { class: 'name' }, nameOf(user)), count(deviceCount)])
    show(connected, table('Connections by user', [['User'], ['Connections', 'number']], rows, 'Nobody is connected.'))
  }

  let newest = null
  function addEntry(entry) {
    newest = entry.cursor
    activity.prepend(h('li', {}, entryLine(entry)))
    while (activity.children.length > shownEntries) activity.lastChild.remove()
  }

  async function followActivity() {
    const { auditLog } = await ask(operations.audit, { first: shownEntries })
    for (const entry of auditLog.nodes.toReversed()) addEntry(entry)
    // Without a cursor from a later moment it goes on behind the last entry that is shown.
    return follow(operations.activity, () => ({ after: newest }), {
      next: ({ auditEvents }) => addEntry(auditEvents),
      error: complain,
    })
  }

  let isOver = false
  const ends = [follow(operations.stats, {}, { next: data => showStats(data.serverStats), error: complain })]
  const whenShown = work => !isOver && !document.hidden && work().catch(complain)
  whenShown(showConnected)
  const timer = setInterval(() => whenShown(showConnected), connectionsEveryMs)
  followActivity().then(end => (isOver ? end() : ends.push(end)), complain)
  return () => {
    isOver = true
    clearInterval(timer)
    for (const end of ends) end()
  }
}

import { ask } from './api.js'
import { busy, complain, confirmed, field, h, panel, show, table, tell } from './dom.js'
import { count, dayOf, momentOf, nameOf } from './format.js'
import { operations } from './operations.ts'

const pageLength = 50
const typingMs = 250

/** Everybody with an account, what they may do, and where they are signed in. `me` is who looks. */
export function users(main, me) {
  let place = { after: null, before: [] }
  let newestAsk = 0
  let typing = 0
  const search = h('input', {
    type: 'search',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: 200,
    oninput() {
      clearTimeout(typing)
      typing = setTimeout(() => go({ after: null, before: [] }), typingMs)
    },
  })
  const list = h('div')
  const previous = h(
    'button',
    { type: 'button', onclick: () => go({ after: place.before.at(-1) ?? null, before: place.before.slice(0, -1) }) },
    'Previous',
  )
  const next = h('button', { type: 'button' }, 'Next')
  const position = h('span', { class: 'muted' })

  async function load() {
    const mine = ++newestAsk
    list.setAttribute('aria-busy', 'true')
    const data = await ask(operations.users, { search: search.value.trim() || null, first: pageLength, after: place.after }).finally(
      () => mine === newestAsk && list.removeAttribute('aria-busy'),
    )
    // What was asked for before the last letter is of no interest any more.
    if (mine !== newestAsk) return
    const { nodes, pageInfo } = data.users
    show(list, table('Users', [['User'], ['Role'], ['Since'], ['Sessions', 'number'], ['Actions', 'acts']], nodes.map(rowOf), 'Nobody of this name.'))
    previous.disabled = place.after === null
    next.disabled = !pageInfo.hasNextPage
    next.onclick = () => go({ after: pageInfo.endCursor, before: [...place.before, place.after] })
    position.textContent = `Page ${place.before.length + 1}`
    tell(`${nodes.length} users on page ${place.before.length + 1}`)
  }

  function go(to) {
    place = to
    return load().catch(complain)
  }

  function rowOf(user) {
    const isAdmin = user.role === 'ADMIN'
    return [
      h(
        'div',
        { class: 'person' },
        h('span', { class: 'name' }, nameOf(user)),
        user.email && user.displayName ? h('span', { class: 'muted' }, user.email) : null,
        user.emailVerified || !user.email ? null : h('span', { class: 'tag' }, 'not verified'),
      ),
      h('span', { class: isAdmin ? 'tag strong' : 'tag' }, isAdmin ? 'Admin' : 'User'),
      h('time', { datetime: user.createdAt }, dayOf(user.createdAt)),
      count(user.sessionCount ?? 0),
      h(
        'div',
        { class: 'row-actions' },
        h(
          'button',
          { type: 'button', onclick: () => showAccess(user).catch(complain), 'aria-label': `Access of ${nameOf(user)}: sessions and tokens` },
          'Access',
        ),
        h(
          'button',
          {
            type: 'button',
            onclick: event => changeRole(event.currentTarget, user),
            'aria-label': `${isAdmin ? 'Make user' : 'Make admin'}: ${nameOf(user)}`,
          },
          isAdmin ? 'Make user' : 'Make admin',
        ),
      ),
    ]
  }

  async function changeRole(button, user) {
    const role = user.role === 'ADMIN' ? 'USER' : 'ADMIN'
    const own = user.id === me?.id ? ' This is your own account: you are signed out by it.' : ''
    const may =
      role === 'ADMIN'
        ? `${nameOf(user)} may then do everything, administration included.`
        : `${nameOf(user)} may no longer administer the server. What they have open is closed.`
    if (
      !(await confirmed({
        title: role === 'ADMIN' ? 'Make an administrator?' : 'Take the role away?',
        text: may + own,
        action: role === 'ADMIN' ? 'Make admin' : 'Make user',
      }))
    )
      return
    await busy(button, async () => {
      await ask(operations.setRole, { input: { userId: user.id, role } })
      await load()
      tell(`${nameOf(user)} is ${role} now`)
    })
  }

  async function showAccess(user) {
    const body = h('div', { class: 'access' }, h('p', { class: 'empty' }, 'Loading …'))
    panel(nameOf(user), h('p', { class: 'muted' }, user.email ?? '', ' ', h('code', {}, user.id)), body)
    const reload = async () => show(body, ...(await accessOf(user, reload)))
    await reload()
  }

  async function accessOf(user, reload) {
    const { sessions: open, issuedTokens } = await ask(operations.access, { userId: user.id })
    const revoke = (what, mutation, input) =>
      h(
        'button',
        {
          type: 'button',
          class: 'danger',
          async onclick({ currentTarget }) {
            if (
              !(await confirmed({
                title: `End this ${what}?`,
                text: `What is open with it closes at once, on every node. It can’t be taken back.`,
                action: `End ${what}`,
              }))
            )
              return
            await busy(currentTarget, async () => {
              await ask(mutation, { input })
              await reload()
              tell(`The ${what} is ended`)
            })
          },
        },
        'End',
      )
    const sessions = open.map(({ id, device, userAgent, lastUsedAt, createdAt }) => [
      h('div', { class: 'person' }, h('span', {}, device?.name ?? 'No device'), h('span', { class: 'muted clip' }, userAgent ?? '')),
      h('time', { datetime: lastUsedAt, title: `since ${momentOf(createdAt)}` }, momentOf(lastUsedAt)),
      revoke('session', operations.revokeSession, { id }),
    ])
    const tokens = issuedTokens.map(({ jti, scopes, expiresAt }) => [
      h('div', { class: 'person' }, h('code', {}, jti), h('span', { class: 'muted' }, scopes?.join(', ') ?? 'whatever its user may do')),
      h('time', { datetime: expiresAt }, momentOf(expiresAt)),
      revoke('token', operations.revokeToken, { jti }),
    ])
    return [
      h('h3', {}, 'Sessions'),
      table(`Sessions of ${nameOf(user)}`, [['Where'], ['Last used'], ['Actions', 'acts']], sessions, 'Signed in nowhere.'),
      h('h3', {}, 'Issued tokens'),
      table(`Tokens of ${nameOf(user)}`, [['Token'], ['Until'], ['Actions', 'acts']], tokens, 'No tokens.'),
    ]
  }

  show(
    main,
    h('h1', { tabindex: '-1' }, 'Users'),
    h(
      'section',
      { class: 'card', 'aria-label': 'Users' },
      h('form', { class: 'filters', role: 'search', onsubmit: event => event.preventDefault() }, field('Search by name, e-mail or id', search)),
      list,
      h('div', { class: 'pager' }, previous, position, next),
    ),
  )
  load().catch(complain)
  return () => clearTimeout(typing)
}

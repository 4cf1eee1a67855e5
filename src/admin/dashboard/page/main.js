import { ask, hangUp, isSignedIn, onLive, onSignedOut, signIn, signOut } from './api.js'
import { audit } from './audit.js'
import { busy, complain, field, forgive, h, show } from './dom.js'
import { exporting } from './exports.js'
import { nameOf } from './format.js'
import { operations } from './operations.ts'
import { overview } from './overview.js'
import { users } from './users.js'

const sections = {
  overview: ['Overview', overview],
  users: ['Users', users],
  audit: ['Audit', audit],
  exports: ['Exports', exporting],
}
const main = document.querySelector('#main')
const nav = document.querySelector('#nav')
const account = document.querySelector('#account')
const light = h('span', { class: 'live', role: 'status' })

/** Who looks; null for the password of the configuration. Undefined: nobody is signed in. */
let me
let leave = () => undefined

onLive(state => {
  light.dataset.state = state
  light.textContent = { live: 'Live', waiting: 'Reconnecting …', off: '' }[state]
})

const sectionOf = () => (Object.hasOwn(sections, location.hash.slice(1)) ? location.hash.slice(1) : 'overview')

function open(takeFocus) {
  leave()
  forgive()
  const name = sectionOf()
  const [title, start] = sections[name]
  document.title = `${title} · Tidemark`
  for (const link of nav.children) {
    if (link.hash === `#${name}`) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  leave = start(main, me)
  if (takeFocus) main.querySelector('h1').focus()
}

function showForm() {
  leave()
  leave = () => undefined
  me = undefined
  hangUp()
  nav.hidden = true
  show(account)
  document.title = 'Sign in · Tidemark'
  const name = h('input', { name: 'username', autocomplete: 'username', required: true, autocapitalize: 'none', spellcheck: 'false' })
  const password = h('input', { name: 'password', type: 'password', autocomplete: 'current-password', required: true })
  const button = h('button', { class: 'primary wide' }, 'Sign in')
  show(
    main,
    h(
      'form',
      {
        class: 'card sign-in',
        'aria-labelledby': 'sign-in',
        async onsubmit(event) {
          event.preventDefault()
          const isIn = await busy(button, async () => {
            await signIn(name.value.trim(), password.value)
            return true
          })
          if (isIn) await enter(true)
          else password.select()
        },
      },
      h('h1', { id: 'sign-in' }, 'Administration'),
      h('p', { class: 'lead' }, 'Sign in as an administrator.'),
      field('User name or e-mail', name),
      field('Password', password),
      button,
    ),
  )
  name.focus()
}

async function enter(takeFocus) {
  const { viewer } = await ask(operations.viewer)
  me = viewer
  const out = h('button', { type: 'button', class: 'quiet', onclick: () => busy(out, () => signOut().then(showForm)) }, 'Sign out')
  show(account, light, h('span', { class: 'who' }, viewer ? nameOf(viewer) : 'by password'), out)
  nav.hidden = false
  open(takeFocus)
}

show(nav, ...Object.entries(sections).map(([name, [title]]) => h('a', { href: `#${name}` }, title)))
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault()
  main.focus()
})
addEventListener('hashchange', () => me !== undefined && open(true))
onSignedOut(() => {
  if (me !== undefined) showForm()
})
isSignedIn()
  .then(isIn => (isIn ? enter(false) : showForm()))
  .catch(error => {
    showForm()
    complain(error)
  })

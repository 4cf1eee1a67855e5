import { signIn, signUp } from './api.ts'
import { el, icon } from './dom.ts'
import type { Session } from './types.ts'

/** The form for who has an account, and for who makes one. */
export function createSignIn(done: (session: Session) => void): HTMLElement {
  let isNew = false
  const name = el('input', { name: 'name', autocomplete: 'name', maxlength: 200 })
  const email = el('input', { name: 'email', type: 'email', autocomplete: 'username', required: true, maxlength: 254 })
  const password = el('input', { name: 'password', type: 'password', required: true, minlength: 8, maxlength: 256 })
  const nameLabel = el('label', {}, 'Name', name)
  const fault = el('p', { class: 'fault', role: 'alert' })
  const go = el('button', { type: 'submit', class: 'primary' })
  const other = el('button', { type: 'button', class: 'quiet', click: () => show(!isNew) })

  function show(asNew: boolean): void {
    isNew = asNew
    nameLabel.hidden = !isNew
    name.required = isNew
    password.autocomplete = isNew ? 'new-password' : 'current-password'
    go.textContent = isNew ? 'Sign up' : 'Sign in'
    other.textContent = isNew ? 'I have an account' : 'Make an account'
    fault.textContent = ''
  }

  async function submit(event: Event): Promise<void> {
    event.preventDefault()
    go.disabled = true
    fault.textContent = ''
    try {
      const input = { email: email.value, password: password.value }
      done(await (isNew ? signUp({ ...input, displayName: name.value.trim() }) : signIn(input)))
    } catch (error) {
      fault.textContent = error instanceof Error ? error.message : String(error)
    } finally {
      go.disabled = false
    }
  }

  show(false)
  return el(
    'main',
    { class: 'sign-in' },
    el(
      'form',
      { submit: event => void submit(event) },
      el('div', { class: 'brand' }, icon('wave'), el('h1', {}, 'Tidemark chat')),
      nameLabel,
      el('label', {}, 'E-mail', email),
      el('label', {}, 'Password', password),
      fault,
      go,
      other,
    ),
  )
}

import { el } from './dom.ts'
import type { Model } from './model.ts'

/** Asks whom to talk to. */
export function askForChat(model: Model, made: (id: string) => void): void {
  const emails = el('input', { required: true, autocomplete: 'off', inputmode: 'email', placeholder: 'ben@example.org' })
  const title = el('input', { maxlength: 200, autocomplete: 'off', placeholder: 'Optional' })
  const fault = el('p', { class: 'fault', role: 'alert' })
  const go = el('button', { type: 'submit', class: 'primary' }, 'Start chat')
  const cancel = el('button', { type: 'button', class: 'quiet', click: () => dialog.close() }, 'Cancel')

  async function submit(event: Event): Promise<void> {
    event.preventDefault()
    go.disabled = true
    fault.textContent = ''
    try {
      const id = await model.create(emails.value.split(/[\s,;]+/).filter(Boolean), title.value.trim())
      dialog.close()
      made(id)
    } catch (error) {
      fault.textContent = error instanceof Error ? error.message : String(error)
    } finally {
      go.disabled = false
    }
  }

  const dialog: HTMLDialogElement = el(
    'dialog',
    { 'aria-labelledby': 'new-chat', close: () => dialog.remove() },
    el(
      'form',
      { submit: event => void submit(event) },
      el('h2', { id: 'new-chat' }, 'New chat'),
      el('label', {}, 'E-mail', emails, el('small', {}, 'Several for a group, with commas between them.')),
      el('label', {}, 'Title', title),
      fault,
      el('div', { class: 'buttons' }, cancel, go),
    ),
  )
  document.body.append(dialog)
  dialog.showModal()
  emails.focus()
}

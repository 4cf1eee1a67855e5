import { el, icon } from './dom.ts'

interface Actions {
  send(content: string): void
  type(isTyping: boolean): void
}

/** Where one writes: Enter sends, Shift and Enter begins a new line. */
export function createComposer({ send, type }: Actions) {
  const text = el('textarea', {
    rows: 1,
    maxlength: 10_000,
    placeholder: 'Message',
    autocomplete: 'off',
    enterkeyhint: 'send',
    input: () => typed(),
    keydown: event => pressed(event as KeyboardEvent),
    blur: () => type(false),
  })
  const button = el('button', { type: 'submit', class: 'primary round', 'aria-label': 'Send', disabled: true }, icon('send'))
  const element = el('form', { class: 'composer', submit: event => submit(event) }, text, button)
  const isBlank = () => text.value.trim() === ''

  function grow(): void {
    button.disabled = isBlank()
    text.rows = 1
    while (text.rows < 6 && text.scrollHeight > text.clientHeight + 2) text.rows += 1
  }

  function typed(): void {
    grow()
    type(!isBlank())
  }

  function pressed(event: KeyboardEvent): void {
    // While an input method composes a word, Enter only ends the word.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event)
  }

  function submit(event: Event): void {
    event.preventDefault()
    if (isBlank()) return
    send(text.value)
    text.value = ''
    grow()
    text.focus()
  }

  return {
    element,
    name: (title: string) => text.setAttribute('aria-label', `Message to ${title}`),
    focus: () => text.focus({ preventScroll: true }),
    leave: () => type(false),
  }
}

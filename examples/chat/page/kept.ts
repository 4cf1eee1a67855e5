/** What outlives a reload of this tab, and no more: another tab is another client, with a session of its own. */
export function kept<T>(name: string) {
  const key = `tidemark-chat-${name}`
  return {
    read(): T | null {
      const text = sessionStorage.getItem(key)
      return text === null ? null : (JSON.parse(text) as T)
    },
    write(value: T | null): void {
      if (value === null) sessionStorage.removeItem(key)
      else sessionStorage.setItem(key, JSON.stringify(value))
    },
  }
}

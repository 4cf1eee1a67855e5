import { execFileSync } from 'node:child_process'

/** Beside its sockets a server holds files, connections to databases, and what it listens at. */
const others = 400

/** How many files and sockets a process may have open. Node.js raises that as far as the machine lets it, for what it starts as well. */
const mostFiles = readLimit()

function readLimit(): number {
  if (process.platform === 'win32') return Number.POSITIVE_INFINITY
  const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim()
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit)
}

/** Whether one server, and one process that makes load, can have so many sockets here. */
export const canOpen = (sockets: number): boolean => sockets + others <= mostFiles

/** @throws Error that says what the machine lets a process have, where so many sockets are more */
export function mustOpen(sockets: number): void {
  if (!canOpen(sockets))
    throw new Error(
      `This machine lets a process have ${mostFiles.toLocaleString('en')} files and sockets (ulimit -n), not ${sockets.toLocaleString('en')} and ${others}.`,
    )
}

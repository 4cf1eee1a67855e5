import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { onPath } from '../../tests/harness/places.ts'
import { childrenOf } from '../../tests/harness/processes.ts'

const taskset = onPath('taskset')
const count = availableParallelism()

/** Whether processes can be kept to cores here: the servers to the first, all that makes load or stores to the last. */
export const canPin = taskset !== null && count > 1

/** A core for the server that is measured, another for the load and the databases. */
export function keepApart(serverPids: readonly number[]): void {
  visit(process.pid, pid => place(pid, serverPids.includes(pid) ? '0' : String(count - 1)))
}

/** All of the machine for everybody. */
export function letRun(): void {
  visit(process.pid, pid => place(pid, `0-${count - 1}`))
}

function visit(pid: number, each: (pid: number) => void): void {
  if (!canPin) return
  each(pid)
  for (const child of childrenOf(pid)) visit(child.pid, each)
}

function place(pid: number, cores: string): void {
  try {
    execFileSync(taskset ?? '', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)], { stdio: 'ignore' })
  } catch {
    // It ended in between.
  }
}

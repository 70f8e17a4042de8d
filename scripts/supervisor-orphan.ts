import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const PATIENCE_MS = 7000

/** Stops a PostgreSQL whose keeper was killed just before the supervisor stops: nobody else would. */
export async function stopOrphan(clusterFolder: string): Promise<void> {
  const pidFile = join(clusterFolder, 'cluster', 'postmaster.pid')
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').split('\n')[0]) : 0
  if (pid <= 1 || !signal(pid, 'SIGINT')) return
  for (const deadline = Date.now() + PATIENCE_MS; existsSync(pidFile) && Date.now() < deadline; ) {
    await new Promise((next) => setTimeout(next, 50))
  }
}

function signal(pid: number, name: 'SIGINT'): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false // it ended meanwhile
  }
}

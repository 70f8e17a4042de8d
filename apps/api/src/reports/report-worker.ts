import { parentPort, workerData } from 'node:worker_threads'
import { type ReportTask, reportTask } from './report-task.ts'

if (!parentPort) throw new Error('report-worker runs in a worker thread')
// A structured clone of what this host's own thread sent.
parentPort.postMessage(await reportTask(workerData as ReportTask))

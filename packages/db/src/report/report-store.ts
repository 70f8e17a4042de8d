import type { Wall } from '../wall.ts'

export function reportStore(wall: Wall) {
  return {
    async instanceOf({ examId, sop }: { examId: string; sop: string }): Promise<string | undefined> {
      const found = await wall.instance.findFirst({ where: { examId, sopInstanceUid: sop }, select: { id: true } })
      return found?.id
    },
  }
}

'use client'
import type { CellAnswer } from '@facetgrade/grading/cell'
import type { Protocol } from '@facetgrade/grading/protocol'
import { Banner } from '@facetgrade/ui/banner'
import { Button, buttonClass } from '@facetgrade/ui/button'
import { LiveRegion } from '@facetgrade/ui/live-region'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useLocale, useTranslations } from 'next-intl'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ProofDialog } from '../account/proof-dialog.tsx'
import { levelName } from '../reading/grading/level-name.ts'
import { NotAssessableDialog } from '../reading/grading/not-assessable-dialog.tsx'
import { readingForm } from '../reading/grading/reading-form.ts'
import type { ImageControls } from '../reading/page/image-pane.tsx'
import { KindMark } from '../shell/kind-mark.tsx'
import { textLanguage } from '../shell/locale.ts'
import { useRefusalText } from '../shell/refusal.ts'
import type { Outputs } from '../shell/trpc.ts'
import { DecisionPanel } from './decision-panel.tsx'
import { ItemList } from './item-list.tsx'
import type { OpenedRoom } from './opened-room.ts'
import styles from './room.module.css'
import { useRoomActs } from './use-room-acts.ts'

const ImagePane = dynamic(() => import('../reading/page/image-pane.tsx'), { ssr: false })

type Props = {
  studyCode: string
  room: OpenedRoom
  shown: Outputs['cases']['show']
  protocol: Protocol
  /** The last refresh failed: what is shown may be old. */
  isUnreachable: boolean
}

const LETTERS = 'abcdefghi'

/** One case's discordant cells beside its images: the pair decides each, then both confirm. Everything has a key. */
export function RoomPage({ studyCode, room, shown, protocol, isUnreachable }: Props) {
  const t = useTranslations('adjudication')
  const reading = useTranslations('reading')
  const language = textLanguage(useLocale())
  const refusalText = useRefusalText()
  const { decide, confirm } = useRoomActs({ studyCode, roomId: room.roomId })
  const [index, setIndex] = useState(() =>
    Math.max(
      0,
      room.items.findIndex(({ decision }) => decision === null),
    ),
  )
  const [dialog, setDialog] = useState<'none' | 'not_assessable' | 'confirm'>('none')
  const images = useRef<ImageControls>(null)
  const takeControls = useCallback((controls: ImageControls) => {
    images.current = controls
  }, [])
  const { features } = readingForm(protocol, room.modality, shown.levels)
  const item = room.items[index]
  const question = features.find(({ feature }) => feature === item?.cell.feature)
  const isOpen = room.state === 'open'
  const decided = room.items.filter(({ decision }) => decision !== null).length
  const mayNotAssess = isOpen && room.notAssessableAllowed

  const choose = (value: CellAnswer) => {
    if (!isOpen || !item) return
    decide.mutate({ studyCode, itemId: item.itemId, decisionId: crypto.randomUUID(), value, note: null })
    const next = room.items.findIndex(({ decision }, at) => at > index && decision === null)
    if (next >= 0) setIndex(next)
  }
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog !== 'none' || isTyping(event.target)) return
    const key = event.key.toLowerCase()
    const grade = /^[0-9]$/.test(key) ? Number(key) : undefined
    const letter = key.length === 1 ? item?.values[LETTERS.indexOf(key)] : undefined
    const acts: Record<string, () => void> = {
      arrowdown: () => setIndex(Math.min(index + 1, room.items.length - 1)),
      arrowup: () => setIndex(Math.max(index - 1, 0)),
      n: () => mayNotAssess && setDialog('not_assessable'),
      w: () => images.current?.nextWindow(),
      v: () => images.current?.nextViewport(),
      z: () => images.current?.reset(),
      pageup: () => images.current?.scroll(-1),
      pagedown: () => images.current?.scroll(1),
    }
    if (letter) choose(letter)
    else if (grade !== undefined && question && grade < question.scale.length) choose({ kind: 'graded', grade })
    else if (acts[key]) acts[key]()
    else return
    event.preventDefault()
  }
  const pressed = useRef(press)
  useEffect(() => {
    pressed.current = press
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => pressed.current(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
  const ignoreFirstImage = useCallback(() => undefined, [])

  return (
    <main id="main" className={styles['page']} data-testid="adjudication-room" data-state={room.state}>
      <header className={styles['bar']}>
        <Link className={buttonClass('quiet', 'small')} href={`/studies/${studyCode}/adjudication`}>
          {t('toRooms')}
        </Link>
        <h1 className={styles['heading']}>
          {t('roomTitle', { number: room.position, modality: reading(`modality.${room.modality}`) })}
        </h1>
        <KindMark />
        <span className={styles['spacer']} />
        <span className={styles['summary']}>{t('decidedOf', { decided, items: room.items.length })}</span>
        {isOpen && (
          <Button
            size="small"
            variant="primary"
            disabled={decided < room.items.length || decide.isPending || room.confirmations.mine === 'confirmed'}
            onClick={() => setDialog('confirm')}
          >
            {t(room.confirmations.mine === 'confirmed' ? 'confirmedByMe' : 'confirm')}
          </Button>
        )}
      </header>
      <RoomState room={room} isComplete={decided === room.items.length} />
      {decide.isError && <Banner tone="danger">{refusalText(decide.error)}</Banner>}
      {isUnreachable && <Banner tone="warning">{t('old')}</Banner>}
      <div className={styles['body']}>
        <ImagePane
          studyCode={studyCode}
          shown={shown}
          protocol={protocol}
          onControls={takeControls}
          onFirstImage={ignoreFirstImage}
        />
        <aside className={styles['side']} aria-label={t('cells')}>
          <ItemList room={room} features={features} index={index} onIndex={setIndex} />
          {item && question && (
            <DecisionPanel
              key={item.itemId}
              item={item}
              question={question}
              isReadOnly={!isOpen}
              mayNotAssess={mayNotAssess}
              onChoose={choose}
              onNotAssessable={() => setDialog('not_assessable')}
            />
          )}
          <p className={styles['keys']}>{t('keys')}</p>
        </aside>
      </div>
      <LiveRegion text={decide.isPending ? t('saving') : decide.isSuccess ? t('saved') : ''} />
      {item && question && (
        <NotAssessableDialog
          isOpen={dialog === 'not_assessable'}
          cellName={`${levelName(item.cell.level)} ${reading(`side.${item.cell.side}`)} · ${question.label[language]}`}
          onClose={() => setDialog('none')}
          onReason={(reason) => choose({ kind: 'not_assessable', reason })}
        />
      )}
      <ProofDialog
        isOpen={dialog === 'confirm'}
        onOpenChange={(isShown) => setDialog(isShown ? 'confirm' : 'none')}
        title={t('confirmTitle')}
        description={t('confirmText', { items: room.items.length })}
        confirmLabel={t('confirm')}
        onProof={(proof) =>
          confirm.mutateAsync({ studyCode, roomId: room.roomId, decisionsHash: room.decisionsHash, proof })
        }
      />
    </main>
  )
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, select, textarea, [role="dialog"]') !== null

/** What stands between the pair and the end of this room, in one sentence. */
function RoomState({ room, isComplete }: { room: OpenedRoom; isComplete: boolean }) {
  const t = useTranslations('adjudication')
  if (room.state === 'confirmed') return <Banner tone="good">{t('confirmedText')}</Banner>
  if (room.state === 'voided') return <Banner tone="warning">{t('voidedText')}</Banner>
  const { mine, others } = room.confirmations
  if (mine === 'changed' || others.includes('changed')) return <Banner tone="warning">{t('changedText')}</Banner>
  if (mine === 'confirmed') return <Banner tone="neutral">{t('waitsForOther')}</Banner>
  if (others.includes('confirmed')) return <Banner tone="neutral">{t('otherConfirmed')}</Banner>
  return isComplete ? <Banner tone="neutral">{t('readyText')}</Banner> : null
}

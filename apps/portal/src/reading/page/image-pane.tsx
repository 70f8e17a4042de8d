'use client'
import { RenderingEngine } from '@cornerstonejs/core'
import type { Protocol } from '@facetgrade/grading/protocol'
import type { CaseStack, CaseView } from '@facetgrade/study/cases/case-view'
import { Button } from '@facetgrade/ui/button'
import { useQueryClient } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { textLanguage } from '../../shell/locale.ts'
import { useTRPC } from '../../shell/trpc.ts'
import { forgetImages, registerStack, startViewer } from '../images/frame-loader.ts'
import { hangStacks } from '../images/hang-stacks.ts'
import { type Edges, ImageViewport } from '../images/image-viewport.tsx'
import { outwards, prefetchFrames } from '../images/prefetch-frames.ts'
import type { StackView } from '../images/stack-view.ts'
import { edgeLetters } from '../images/turned-plane.ts'
import styles from './image-pane.module.css'

/** What the page's keys do to the images. */
export type ImageControls = {
  scroll(by: number): void
  nextWindow(): void
  invert(): void
  reset(): void
  nextViewport(): void
}

type Props = {
  studyCode: string
  shown: CaseView
  protocol: Protocol
  /** Handed anew whenever they change. */
  onControls: (controls: ImageControls) => void
  /** The first image of the case stands on the screen; `view` is what may be fetched ahead from now on. */
  onFirstImage: () => void
}

const MOST = 4

/** The images of the case, hung by modality, each viewport with its own stack to choose. */
export default function ImagePane({ studyCode, shown, protocol, onControls, onFirstImage }: Props) {
  const t = useTranslations('reading')
  const language = textLanguage(useLocale())
  const queryClient = useQueryClient()
  const trpc = useTRPC()
  const [engine, setEngine] = useState<RenderingEngine>()
  const presets = protocol.hanging[shown.modality] ?? []
  const [presetIndex, setPresetIndex] = useState(0)
  const [isInverted, setIsInverted] = useState(false)
  const [active, setActive] = useState(0)
  const stacks = useMemo(() => hangStacks(shown.modality, shown.stacks), [shown])
  const [chosen, setChosen] = useState<readonly number[]>([])
  const views = useRef(new Map<number, StackView>())

  useEffect(() => {
    startViewer()
    const made = new RenderingEngine(`case-${shown.assignmentId}`)
    // oxlint-disable-next-line react/set-state-in-effect -- the engine owns graphics memory: made and destroyed with the page, once
    setEngine(made)
    return () => {
      setEngine(undefined)
      made.destroy()
    }
  }, [shown.assignmentId])

  const imageIds = useMemo(() => {
    startViewer()
    const at = { studyCode, assignmentId: shown.assignmentId, modality: shown.modality }
    return new Map(stacks.map((stack) => [stack.series, registerStack(at, stack)]))
  }, [studyCode, shown.assignmentId, shown.modality, stacks])
  useEffect(() => () => forgetImages([...imageIds.values()].flat()), [imageIds])

  const count = Math.min(MOST, stacks.length)
  const hung = Array.from({ length: count }, (_, place) => stacks[chosen[place] ?? place]).filter(
    (stack) => stack !== undefined,
  )
  const isDrawn = useRef(false)
  const abort = useRef<AbortController>(null)
  useEffect(() => {
    isDrawn.current = false
    const controller = new AbortController()
    abort.current = controller
    return () => controller.abort()
  }, [imageIds])
  const firstShown = useCallback(() => {
    if (isDrawn.current) return
    isDrawn.current = true
    onFirstImage()
    const ids = stacks.flatMap((stack) => {
      const all = imageIds.get(stack.series) ?? []
      return outwards(all, Math.floor(all.length / 2))
    })
    if (abort.current) void prefetchFrames(ids, abort.current.signal)
  }, [imageIds, stacks, onFirstImage])

  const activeView = () => views.current.get(active)
  const act: ImageControls = {
    scroll: (by) => activeView()?.scroll(by),
    nextWindow: () => setPresetIndex((index) => (presets.length === 0 ? 0 : (index + 1) % presets.length)),
    invert: () => setIsInverted((before) => !before),
    reset: () => {
      setIsInverted(false)
      setPresetIndex(0)
      for (const view of views.current.values()) view.reset()
    },
    nextViewport: () => setActive((place) => (count === 0 ? 0 : (place + 1) % count)),
  }
  useEffect(() => {
    onControls(act)
  })

  return (
    <div className={styles['pane']}>
      <div className={styles['tools']} role="toolbar" aria-label={t('imageTools')}>
        {presets.map((preset, index) => (
          <Button
            key={preset.label.en}
            size="small"
            aria-pressed={index === presetIndex}
            onClick={() => setPresetIndex(index)}
          >
            {preset.label[language]}
          </Button>
        ))}
        <Button size="small" aria-pressed={isInverted} onClick={() => act.invert()}>
          {t('invert')}
        </Button>
        <Button size="small" onClick={() => act.reset()}>
          {t('resetView')}
        </Button>
      </div>
      {stacks.length === 0 && <p className={styles['none']}>{t('noImages')}</p>}
      <div className={styles['viewports']} data-count={count}>
        {engine &&
          hung.map((stack, place) => (
            <ImageViewport
              key={`${place}-${stack.series}`}
              engine={engine}
              id={`v${place}`}
              imageIds={imageIds.get(stack.series) ?? []}
              label={t('viewport', { number: place + 1, view: t(`view.${stack.view}`) })}
              title={
                <StackTitle
                  stack={stack}
                  stacks={stacks}
                  onChoose={(index) => setChosen(withPlace(chosen, { place, index, count }))}
                />
              }
              edges={edgesOf(stack)}
              preset={presets[presetIndex]}
              isInverted={isInverted}
              isActive={place === active}
              onActivate={() => setActive(place)}
              onShown={firstShown}
              onSignedOut={() => void queryClient.invalidateQueries(trpc.people.me.pathFilter())}
              onView={(view) => {
                if (view) views.current.set(place, view)
                else views.current.delete(place)
              }}
            />
          ))}
      </div>
      {shown.hidden.length > 0 && (
        <details className={styles['hidden']}>
          <summary>{t('hiddenSeries', { count: shown.hidden.length })}</summary>
          <ul>
            {shown.hidden.map(({ series, code }) => (
              <li key={series}>{t(`hiddenReason.${code}`)}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

const withPlace = (
  chosen: readonly number[],
  { place, index, count }: { place: number; index: number; count: number },
) => Array.from({ length: count }, (_, at) => (at === place ? index : (chosen[at] ?? at)))

/** CT and MR from patient coordinates; X-ray from the side that the coordinator confirmed. */
function edgesOf(stack: CaseStack): Edges {
  if (stack.rowDirection && stack.columnDirection) {
    const { rowDirection, columnDirection } = stack
    return edgeLetters({ rowDirection, columnDirection }, stack.turn)
  }
  return stack.leftEdge === 'right'
    ? { left: 'R', right: 'L', top: null, bottom: null }
    : { left: null, right: null, top: null, bottom: null }
}

function StackTitle({
  stack,
  stacks,
  onChoose,
}: {
  stack: CaseStack
  stacks: readonly CaseStack[]
  onChoose: (index: number) => void
}) {
  const t = useTranslations('reading')
  const nameOf = (one: CaseStack) => {
    const weighting = /-(t1|t2|bone|soft|stir|pd)/.exec(one.role)?.[1]?.toUpperCase()
    const slices = one.positions.length > 1 ? `(${one.positions.length})` : ''
    return [t(`view.${one.view}`), weighting, slices].filter(Boolean).join(' ')
  }
  return (
    <>
      {stacks.length > 1 ? (
        <select
          className={styles['choice']}
          aria-label={t('chooseStack')}
          value={stacks.indexOf(stack)}
          onChange={(event) => onChoose(Number(event.target.value))}
        >
          {stacks.map((one, index) => (
            <option key={one.series} value={index}>
              {nameOf(one)}
            </option>
          ))}
        </select>
      ) : (
        nameOf(stack)
      )}
      {stack.shownJoints && <strong> {t('showsJoints', { side: stack.shownJoints })}</strong>}
    </>
  )
}

'use client'
import type { RenderingEngine } from '@cornerstonejs/core'
import type { WindowPreset } from '@facetgrade/grading/protocol-document'
import { Button } from '@facetgrade/ui/button'
import { classNames } from '@facetgrade/ui/class-names'
import { useTranslations } from 'next-intl'
import { type PointerEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import styles from './image-viewport.module.css'
import { openStackView, type StackView } from './stack-view.ts'

export type Edges = { left: string | null; right: string | null; top: string | null; bottom: string | null }

type Props = {
  engine: RenderingEngine
  id: string
  imageIds: readonly string[]
  /** Names the region: the stack's plane. */
  label: string
  title: ReactNode
  edges: Edges
  preset: WindowPreset | undefined
  isInverted: boolean
  isActive: boolean
  onActivate: () => void
  onShown: () => void
  onSignedOut: () => void
  /** For keys and buttons of the page; null when the viewport goes. */
  onView: (view: StackView | null) => void
}

const WHEEL_STEP = 40

/** Scroll with the wheel, window with the left button, pan with the middle one or Shift, zoom with the right one or Ctrl and wheel. */
export function ImageViewport({
  engine,
  id,
  imageIds,
  label,
  title,
  edges,
  preset,
  isInverted,
  isActive,
  ...on
}: Props) {
  const t = useTranslations('reading')
  const element = useRef<HTMLDivElement>(null)
  const view = useRef<StackView>(null)
  const [place, setPlace] = useState(0)
  const [isReady, setIsReady] = useState(false)
  const [failure, setFailure] = useState<number>()
  const callbacks = useRef(on)
  useEffect(() => {
    callbacks.current = on
  })

  useEffect(() => {
    if (!element.current) return
    setIsReady(false)
    setFailure(undefined)
    const opened = openStackView({ engine, id, element: element.current }, imageIds, {
      onShown: () => {
        setIsReady(true)
        callbacks.current.onShown()
      },
      onPlace: (index) => {
        setPlace(index)
        setFailure(undefined)
      },
      onFailed: (status) => {
        setFailure(status)
        if (status === 401) callbacks.current.onSignedOut()
      },
    })
    view.current = opened
    callbacks.current.onView(opened)
    return () => {
      view.current = null
      callbacks.current.onView(null)
      opened.close()
    }
  }, [engine, id, imageIds])
  useEffect(() => view.current?.setWindow(preset), [preset, imageIds])
  useEffect(() => view.current?.setInverted(isInverted), [isInverted, imageIds])
  useWheel(element, view)

  const drag = useDrag(view)
  return (
    <section
      className={classNames(styles['viewport'], isActive && styles['active'])}
      aria-label={label}
      data-testid={`viewport-${id}`}
      data-ready={isReady}
      onPointerDownCapture={on.onActivate}
    >
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- images are turned with the mouse here; every act has a key on the page */}
      <div ref={element} className={styles['canvas']} onContextMenu={(event) => event.preventDefault()} {...drag} />
      <Badge edge="left" text={edges.left} />
      <Badge edge="right" text={edges.right} />
      <Badge edge="top" text={edges.top} />
      <Badge edge="bottom" text={edges.bottom} />
      <div className={styles['title']}>{title}</div>
      {imageIds.length > 1 && (
        <div className={styles['place']}>{t('slice', { number: place + 1, count: imageIds.length })}</div>
      )}
      {failure !== undefined && (
        <div className={styles['failure']} role="alert">
          <p>{failure === 404 ? t('imageGone') : t('imageFailed')}</p>
          <Button
            size="small"
            onClick={() => {
              setFailure(undefined)
              view.current?.retry()
            }}
          >
            {t('tryAgain')}
          </Button>
        </div>
      )}
      {!isReady && failure === undefined && <div className={styles['waiting']}>{t('imageLoading')}</div>}
    </section>
  )
}

/** The patient's own side or direction at an edge, from coordinates or from the confirmed side. */
function Badge({ edge, text }: { edge: 'left' | 'right' | 'top' | 'bottom'; text: string | null }) {
  const t = useTranslations('reading')
  if (text === null) return null
  const side = text === 'L' ? styles['patientLeft'] : text === 'R' ? styles['patientRight'] : undefined
  return (
    <abbr
      className={classNames(styles['badge'], styles[edge], side)}
      data-edge={edge}
      title={t('direction', { letter: text })}
    >
      {text}
    </abbr>
  )
}

/** Not by React: its wheel listener is passive, and the page would scroll along. */
function useWheel(element: RefObject<HTMLDivElement | null>, view: RefObject<StackView | null>): void {
  useEffect(() => {
    const host = element.current
    if (!host) return
    let rolled = 0
    const wheel = (event: WheelEvent) => {
      event.preventDefault()
      if (event.ctrlKey) return view.current?.zoomBy(event.deltaY < 0 ? 1.1 : 1 / 1.1)
      rolled += event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * WHEEL_STEP : event.deltaY
      const slices = Math.trunc(rolled / WHEEL_STEP)
      if (slices === 0) return
      rolled -= slices * WHEEL_STEP
      view.current?.scroll(slices)
    }
    host.addEventListener('wheel', wheel, { passive: false })
    return () => host.removeEventListener('wheel', wheel)
  }, [element, view])
}

function useDrag(view: RefObject<StackView | null>) {
  const from = useRef<{ x: number; y: number; act: 'window' | 'pan' | 'zoom' } | null>(null)
  const end = () => {
    from.current = null
  }
  return {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId)
      const act = event.button === 2 ? 'zoom' : event.button === 1 || event.shiftKey ? 'pan' : 'window'
      from.current = { x: event.clientX, y: event.clientY, act }
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      const start = from.current
      if (!start) return
      const [dx, dy] = [event.clientX - start.x, event.clientY - start.y]
      from.current = { ...start, x: event.clientX, y: event.clientY }
      if (start.act === 'window') view.current?.dragWindow(dx, dy)
      else if (start.act === 'pan') view.current?.dragPan(dx, dy)
      else view.current?.zoomBy(1.01 ** -dy)
    },
    onPointerUp: end,
    onPointerCancel: end,
  }
}

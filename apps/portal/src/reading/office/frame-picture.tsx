'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { useTRPC } from '../../shell/trpc.ts'
import { FrameMetadata, rangeOf, rescaledValues } from '../images/rescale-frame.ts'
import styles from './xray-side-form.module.css'

/** One frame as it is stored, in its own window: nothing turned, so that the marker in it can be believed. */
export function FramePicture({ url, alt }: { url: string; alt: string }) {
  const t = useTranslations('reading')
  const canvas = useRef<HTMLCanvasElement>(null)
  const [hasFailed, setHasFailed] = useState(false)
  const queryClient = useQueryClient()
  const trpc = useTRPC()
  useEffect(() => {
    const left = new AbortController()
    const draw = async () => {
      const response = await fetch(url, { credentials: 'same-origin', signal: left.signal })
      if (response.status === 401) void queryClient.invalidateQueries(trpc.people.me.pathFilter())
      if (!response.ok) throw new Error(`frame: ${response.status}`)
      const metadata = FrameMetadata.parse(JSON.parse(response.headers.get('x-facetgrade-frame') ?? 'null'))
      const bytes = await response.arrayBuffer()
      if (canvas.current && !left.signal.aborted) drawFrame(canvas.current, bytes, metadata)
    }
    draw().catch(() => !left.signal.aborted && setHasFailed(true))
    return () => left.abort()
  }, [url, queryClient, trpc])
  if (hasFailed) return <p className={styles['failure']}>{t('imageFailed')}</p>
  // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- the picture is drawn from bare pixels, there is no file for an img
  return <canvas ref={canvas} className={styles['canvas']} role="img" aria-label={alt} />
}

function drawFrame(canvas: HTMLCanvasElement, bytes: ArrayBuffer, metadata: FrameMetadata): void {
  const values = rescaledValues(bytes, metadata)
  const { lowest, highest } = rangeOf(values)
  const window = metadata.windows[0] ?? { center: (lowest + highest) / 2, width: Math.max(1, highest - lowest) }
  const bottom = window.center - window.width / 2
  canvas.width = metadata.columns
  canvas.height = metadata.rows
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  const image = context.createImageData(metadata.columns, metadata.rows)
  for (const [index, value] of values.entries()) {
    const light = Math.min(255, Math.max(0, ((value - bottom) / window.width) * 255))
    const grey = metadata.photometric === 'MONOCHROME1' ? 255 - light : light
    image.data.set([grey, grey, grey, 255], index * 4)
  }
  context.putImageData(image, 0, 0)
}

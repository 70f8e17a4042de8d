'use client'
import { Field, SelectField } from '@facetgrade/ui/field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { FramePicture } from '../reading/office/frame-picture.tsx'
import type { Outputs } from '../shell/trpc.ts'
import styles from './screening.module.css'

type View = Outputs['numbering']['show']['views'][number]

/** A series to count vertebrae on, a frame at a time: sagittal ones are offered first, opened at the middle. */
export function NumberingViewer({ studyCode, views }: { studyCode: string; views: readonly View[] }) {
  const t = useTranslations('screening')
  const [seriesId, setSeriesId] = useState<string>()
  const [chosen, setChosen] = useState<number>()
  const view = views.find((one) => one.seriesId === seriesId) ?? views[0]
  if (!view) return <p>{t('noImages')}</p>
  const index = chosen ?? Math.floor(view.frames.length / 2)
  const frame = view.frames[index]
  const nameOf = (one: View) =>
    t('seriesName', {
      modality: t(`modalities.${one.modality}`),
      plane: one.plane ?? '–',
      frames: one.frames.length,
    })
  return (
    <div>
      <SelectField
        label={t('series')}
        value={view.seriesId}
        options={views.map((one, place) => ({ value: one.seriesId, label: `${place + 1} · ${nameOf(one)}` }))}
        onChange={({ target }) => {
          setSeriesId(target.value)
          setChosen(undefined)
        }}
      />
      {frame && (
        <div className={styles['picture']}>
          <FramePicture
            key={`${frame.instanceId} ${frame.frame}`}
            url={`/api/exams/instances/${frame.instanceId}/frames/${frame.frame}?study=${studyCode}`}
            alt={t('frameAlt', { series: nameOf(view), frame: index + 1 })}
          />
        </div>
      )}
      {view.frames.length > 1 && (
        <Field label={t('frame', { frame: index + 1, frames: view.frames.length })}>
          {(control) => (
            <input
              {...control}
              type="range"
              min={0}
              max={view.frames.length - 1}
              value={index}
              onChange={(event) => setChosen(event.target.valueAsNumber)}
            />
          )}
        </Field>
      )}
    </div>
  )
}

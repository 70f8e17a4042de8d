'use client'
import { Button } from '@facetgrade/ui/button'
import { Stack } from '@facetgrade/ui/stack'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { PinForm } from '../account/pin-form.tsx'
import { useRefusalText } from '../shell/refusal.ts'
import { useTRPC } from '../shell/trpc.ts'

/** Right after enrolment the session is fresh, so the PIN asks for no further proof. */
export function ChoosePin({ onDone }: { onDone: () => void }) {
  const t = useTranslations('invitation')
  const refusalText = useRefusalText()
  const setPin = useMutation(useTRPC().people.setPin.mutationOptions({ onSuccess: onDone }))
  return (
    <Stack>
      <PinForm
        confirmLabel={t('setPin')}
        isBusy={setPin.isPending}
        error={setPin.isError ? refusalText(setPin.error) : undefined}
        onPin={(pin) => setPin.mutate({ pin, proof: null })}
      />
      <Button variant="quiet" onClick={onDone}>
        {t('pinLater')}
      </Button>
    </Stack>
  )
}

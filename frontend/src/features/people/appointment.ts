// From the form's fields to what is sent, and the form's own mistakes.
import { dateMistake } from '../../ui/dates';
import { minutesOf } from '../organisation/amounts';
import type { AppointmentValues } from './AppointmentFields.svelte';

export const emptyAppointment = (service: string, post: string): AppointmentValues => ({
  service,
  'appointment.post_id': post,
  'appointment.starts_on': '',
  'appointment.ends_on': '',
  'appointment.weekly_minutes': '',
});

export function appointmentMistakes(values: AppointmentValues): Partial<Record<keyof AppointmentValues, string | false | undefined>> {
  return {
    service: !values.service && 'Choose a service',
    'appointment.post_id': !values['appointment.post_id'] && 'Choose a post',
    'appointment.starts_on': dateMistake(values['appointment.starts_on'], 'Enter the first day in post'),
    'appointment.ends_on': dateMistake(values['appointment.ends_on']),
    'appointment.weekly_minutes': minutesOf(values['appointment.weekly_minutes']) === null && 'Enter the hours a week, such as 36 or 18.75',
  };
}

export function appointmentBody(values: AppointmentValues) {
  const ends_on = values['appointment.ends_on'];
  return {
    post_id: values['appointment.post_id'],
    starts_on: values['appointment.starts_on'],
    weekly_minutes: minutesOf(values['appointment.weekly_minutes']) ?? 0,
    ...(ends_on ? { ends_on } : {}),
  };
}

// Shanghai's time. It has no summer time: the wall clock is UTC and eight hours.

const OFFSET = 8 * 3600 * 1000;
const DAY = 24 * 3600 * 1000;
const WEEKDAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

const two = (number) => String(number).padStart(2, "0");

/** The wall clock's fields of a moment (milliseconds since 1970). */
export function wall(moment) {
  const at = new Date(moment + OFFSET);
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth(),
    day: at.getUTCDate(),
    weekday: at.getUTCDay(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
  };
}

/** The moment at which the wall clock shows these fields; a day beyond the month's end is in the next one. */
export function momentOf(year, month, day, hour = 0, minute = 0) {
  return Date.UTC(year, month, day, hour, minute) - OFFSET;
}

export function timeOf(moment) {
  const { hour, minute } = wall(moment);
  return `${two(hour)}:${two(minute)}`;
}

export function dateOf(moment) {
  const { year, month, day, weekday } = wall(moment);
  return `${year}年${month + 1}月${day}日 ${WEEKDAYS[weekday]}`;
}

/** As it stands above a bubble: the time alone today, with 昨天 or the day before that. */
export function stampOf(moment, now) {
  const days = Math.floor((now + OFFSET) / DAY) - Math.floor((moment + OFFSET) / DAY);
  if (days === 0) return timeOf(moment);
  if (days === 1) return `昨天 ${timeOf(moment)}`;
  const { year, month, day } = wall(moment);
  return `${year === wall(now).year ? "" : `${year}年`}${month + 1}月${day}日 ${timeOf(moment)}`;
}

/** The first weekday (0 is Sunday) at that time after a moment. */
export function nextWeekday(now, weekday, hour, minute = 0) {
  const today = wall(now);
  const ahead = (weekday - today.weekday + 7) % 7;
  const wanted = momentOf(today.year, today.month, today.day + ahead, hour, minute);
  return wanted > now ? wanted : wanted + 7 * DAY;
}

/** The first such day of a month at that hour after a moment. */
export function nextMonthDay(now, day, hour) {
  const today = wall(now);
  const wanted = momentOf(today.year, today.month, day, hour);
  return wanted > now ? wanted : momentOf(today.year, today.month + 1, day, hour);
}

/** As a `datetime-local` input writes it, and back. */
export function typed(moment) {
  const { year, month, day } = wall(moment);
  return `${year}-${two(month + 1)}-${two(day)}T${timeOf(moment)}`;
}

export function untyped(text) {
  const [year, month, day, hour, minute] = text.split(/\D/).map(Number);
  return momentOf(year, month - 1, day, hour, minute);
}

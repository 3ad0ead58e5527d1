/** The beginning of names in SQL that stand for something that is not known, such as what a template puts there. */
export const standIn = 'headgate_stand_in_';

/** Functions that give more than one row, or none, for a row: what they are given then decides which rows there are. */
const rowMakers =
  /^(?:unnest|flatten|explode|explode_outer|posexplode|posexplode_outer|inline|inline_outer|stack|generate_series|generate_subscripts|generate_array|json_tuple|jsonb?_(?:array_elements|array_elements_text|each|each_text|object_keys|populate_recordset|to_recordset|path_query)|regexp_split_to_table|regexp_matches|string_to_table|split_to_table|strtok_split_to_table)$/;

/** Whether an expression's tree calls such a function, queries inside it left out. */
export function makesRows(tree: unknown): boolean {
  if (Array.isArray(tree)) return tree.some(makesRows);
  if (tree === null || typeof tree !== 'object') return false;
  return Object.entries(tree).some(([key, inside]) => {
    if (key === 'select') return false;
    const isCall = key === 'function' && inside !== null && typeof inside === 'object' && 'name' in inside;
    if (isCall && rowMakers.test(String(inside.name).toLowerCase())) return true;
    return (rowMakers.test(key) && typeof inside === 'object' && inside !== null) || makesRows(inside);
  });
}

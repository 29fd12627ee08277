-- Who is asked most often: people by prompts (attempts with at least one factor entry), attack traffic left out, people whom an exclusion spares included.
-- columns: principal_name VARCHAR, principal_id VARCHAR, prompts BIGINT, factor_entries BIGINT, blocks BIGINT, prompts_per_week DOUBLE
-- params: limit INTEGER = 20
WITH rows AS (
    SELECT
        principal_id, principal_name, factor_entries, reason,
        coalesce(correlation_id, original_request_id, event_id) AS episode,
        (SELECT greatest(date_diff('second', min(time), max(time)) / 604800.0, 1 / 7.0) FROM signins) AS weeks
    FROM signins
    WHERE NOT attack AND stream IN ('interactive', 'non-interactive')
)
SELECT
    max(principal_name) AS principal_name,
    principal_id,
    count(DISTINCT episode) FILTER (WHERE factor_entries > 0) AS prompts,
    CAST(sum(factor_entries) AS BIGINT) AS factor_entries,
    count(DISTINCT episode) FILTER (WHERE reason IN ('policy_block', 'device_not_compliant', 'device_not_joined', 'risk_block')) AS blocks,
    round(count(DISTINCT episode) FILTER (WHERE factor_entries > 0) / any_value(weeks), 2) AS prompts_per_week
FROM rows
GROUP BY principal_id
ORDER BY prompts DESC, factor_entries DESC, principal_id
LIMIT CAST($limit AS INTEGER)

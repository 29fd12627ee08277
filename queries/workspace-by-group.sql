-- Recorded sign-ins, prompted and refused attempts per workspace and group; a shared sign-in counts by share, a person in two groups in both.
-- columns: workspace VARCHAR, environment VARCHAR, group_name VARCHAR, people BIGINT, signins DOUBLE, prompts DOUBLE, blocks DOUBLE
WITH rows AS (
    SELECT
        a.workspace, a.environment, a.weight, s.principal_id,
        coalesce(s.correlation_id, s.original_request_id, s.event_id) AS episode,
        s.factor_entries > 0 AS entered,
        coalesce(s.reason, '') IN ('policy_block', 'device_not_compliant', 'device_not_joined', 'risk_block') AS refused
    FROM signins s
    JOIN attribution a ON a.run = s.run AND a.row = s.row
    WHERE NOT s.attack
),
episodes AS (
    SELECT
        workspace, max(environment) AS environment, principal_id,
        sum(weight) AS signins,
        coalesce(max(weight) FILTER (WHERE entered), 0) AS prompts,
        coalesce(max(weight) FILTER (WHERE refused), 0) AS blocks
    FROM rows
    GROUP BY workspace, principal_id, episode
)
SELECT
    e.workspace,
    max(e.environment) AS environment,
    coalesce(m.group_name, '(no group known)') AS group_name,
    count(DISTINCT e.principal_id) AS people,
    round(sum(e.signins), 1) AS signins,
    round(sum(e.prompts), 1) AS prompts,
    round(sum(e.blocks), 1) AS blocks
FROM episodes e
LEFT JOIN members m ON m.principal_id = e.principal_id
GROUP BY e.workspace, coalesce(m.group_name, '(no group known)')
ORDER BY e.workspace, group_name

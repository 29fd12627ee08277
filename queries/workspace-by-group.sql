-- Recorded sign-ins, prompted and refused attempts per workspace and group; a shared sign-in counts by share, a person in two groups in both; of everybody, whom an exclusion spares included.
-- columns: workspace VARCHAR, environment VARCHAR, group_name VARCHAR, people BIGINT, signins DOUBLE, prompts DOUBLE, blocks DOUBLE, exact DOUBLE, strong DOUBLE, weak DOUBLE, shared DOUBLE, unknown_workspace DOUBLE
WITH rows AS (
    SELECT
        a.workspace, a.environment, a.weight, a.tier, s.principal_id,
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
        coalesce(sum(weight) FILTER (WHERE tier = 'exact'), 0) AS exact,
        coalesce(sum(weight) FILTER (WHERE tier = 'strong'), 0) AS strong,
        coalesce(sum(weight) FILTER (WHERE tier = 'weak'), 0) AS weak,
        coalesce(sum(weight) FILTER (WHERE tier = 'candidate'), 0) AS shared,
        coalesce(max(weight) FILTER (WHERE entered), 0) AS prompts,
        coalesce(max(weight) FILTER (WHERE refused), 0) AS blocks
    FROM rows
    GROUP BY workspace, principal_id, episode
),
per_group AS (
    SELECT
        e.workspace,
        max(e.environment) AS environment,
        coalesce(m.group_name, '(no group known)') AS group_name,
        count(DISTINCT e.principal_id) AS people,
        sum(e.signins) AS signins,
        sum(e.prompts) AS prompts,
        sum(e.blocks) AS blocks,
        sum(e.exact) AS exact,
        sum(e.strong) AS strong,
        sum(e.weak) AS weak,
        sum(e.shared) AS shared
    FROM episodes e
    LEFT JOIN members m ON m.principal_id = e.principal_id
    GROUP BY e.workspace, coalesce(m.group_name, '(no group known)')
)
-- How sure it is that the sign-ins belong there, as shares, and the share of the
-- group's sign-ins to workspaces of which it cannot be told to which.
SELECT
    workspace, environment, group_name, people,
    round(signins, 1) AS signins,
    round(prompts, 1) AS prompts,
    round(blocks, 1) AS blocks,
    round(exact / signins, 3) AS exact,
    round(strong / signins, 3) AS strong,
    round(weak / signins, 3) AS weak,
    round(shared / signins, 3) AS shared,
    round(coalesce(sum(signins) FILTER (WHERE workspace = 'unknown workspace') OVER (PARTITION BY group_name), 0)
        / sum(signins) OVER (PARTITION BY group_name), 3) AS unknown_workspace
FROM per_group
ORDER BY workspace, group_name

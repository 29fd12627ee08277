-- Successful sign-ins to which no enabled policy applied, although the log carries policy results, by app.
-- columns: app VARCHAR, resource VARCHAR, signins BIGINT, people BIGINT, without_mfa BIGINT
SELECT
    coalesce(max(app_name), app_id) AS app,
    coalesce(max(resource_name), resource_id) AS resource,
    count(*) AS signins,
    count(DISTINCT person) AS people,
    count(*) FILTER (WHERE coalesce(mfa_state, 'not-done') = 'not-done') AS without_mfa
FROM signins
WHERE outcome = 'success'
    AND stream IN ('interactive', 'non-interactive')
    AND len(policy_results) > 0
    AND NOT list_bool_or(list_transform(policy_results, lambda p: p.result IN ('success', 'failure', 'unknownFutureValue')))
GROUP BY app_id, resource_id
ORDER BY signins DESC, app_id, resource_id

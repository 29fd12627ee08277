-- Prompts the log itself blames on sign-in frequency, by app and resource: the label of a session lifetime policy, or code 70043.
-- columns: app VARCHAR, resource VARCHAR, labelled BIGINT, refused_tokens BIGINT, people BIGINT
SELECT
    coalesce(max(app_name), app_id) AS app,
    coalesce(max(resource_name), resource_id) AS resource,
    count(*) FILTER (WHERE factor_entries > 0 AND list_bool_or(list_transform(lifetime_list, lambda l: lower(l) LIKE 'signinfrequency%'))) AS labelled,
    count(*) FILTER (WHERE reason = 'sign_in_frequency') AS refused_tokens,
    count(DISTINCT person) AS people
FROM signins
WHERE NOT attack
    AND (reason = 'sign_in_frequency'
        OR (factor_entries > 0 AND list_bool_or(list_transform(lifetime_list, lambda l: lower(l) LIKE 'signinfrequency%'))))
GROUP BY app_id, resource_id
ORDER BY labelled DESC, refused_tokens DESC, app_id, resource_id

-- The numbers of the ten answers: a row per territory.
with asked as (
    select
        shares.territoire_id,
        shares.levier_id,
        levers.levier_court,
        max(shares.part_ktco2e) as part_ktco2e,
        bool_or(not shares.repose_sur_une_seule_cle) as varie,
        bool_or(not shares.est_approchee) as est_la_cle_de_l_etat,
        bool_or(shares.cle_id is not null) as est_calculee,
        bool_or(shares.peut_passer_derriere) as depend_de_la_cle,
        bool_and(shares.situe_les_sites is distinct from false) as se_place_ici
    from vues.fait_part as shares
    inner join vues.dim_levier as levers using (levier_id)
    where shares.part_ktco2e is not null
    group by shares.territoire_id, shares.levier_id, levers.levier_court
),

parts as (
    select
        territoire_id,
        count(*) filter (where est_calculee) as parts,
        count(*) filter (where est_calculee and varie) as parts_qui_varient,
        count(*) filter (where est_calculee and est_la_cle_de_l_etat) as parts_a_la_cle_de_l_etat,
        -- A key that does not know where the sites of a lever are gives no effort of one territory.
        max_by({
            'levier': levier_court,
            'part_ktco2e': part_ktco2e,
            'depend_de_la_cle': coalesce(depend_de_la_cle, false)
        }, (part_ktco2e, levier_id)) filter (where se_place_ici) as le_plus_demande
    from asked
    group by territoire_id
),

emitted as (
    select
        territoire_id,
        any_value(annee) as annee_emissions,
        min_by({
            'secteur': secteur,
            'nature': nature,
            'minimum_kt': minimum_tco2e / 1000,
            'maximum_kt': maximum_tco2e / 1000,
            'part': part_inventaire_region,
            'place': place
        }, rang) filter (where rang is not null) as premier
    from vues.fait_emission
    group by territoire_id
),

law as (
    select
        territoire_id,
        count(*) filter (where reponse = 'applies') as obligations,
        count(*) filter (where reponse = 'on_condition') as sous_condition
    from vues.fait_obligation
    group by territoire_id
),

grades as (
    select
        territoire_id,
        list({ 'note': confiance, 'nombre': nombre } order by confiance) as notes
    from (
        select
            territoire_id,
            confiance,
            count(*) as nombre
        from vues.fait_lecture
        where confiance is not null
        group by territoire_id, confiance
    )
    group by territoire_id
),

beside as (
    select
        compared.territoire_id,
        max_by({
            'serie': series.indicateur_court,
            'valeur': compared.valeur,
            'mediane': compared.mediane_semblables,
            'unite': compared.unite,
            'semblables': compared.semblables
        }, (asked.part_ktco2e, -links.rang, compared.indicateur_id)) as compare
    from vues.fait_comparaison as compared
    inner join vues.pont_levier_indicateur as links
        on compared.indicateur_id = links.indicateur_id and links.role = 'measure'
    inner join asked on compared.territoire_id = asked.territoire_id and links.levier_id = asked.levier_id
    inner join vues.dim_indicateur_court as series on compared.indicateur_id = series.indicateur_id
    where compared.semblables > 0 and compared.valeur is not null
    group by compared.territoire_id
),

committed as (
    select
        territoire_id,
        count(*) as engagements
    from vues.fait_engagement
    where est_en_vigueur
    group by territoire_id
),

plans as (
    select
        territoire_id,
        count(*) as plans
    from vues.fait_plan_climat
    group by territoire_id
),

moved as (
    select
        moves.territoire_id,
        count(distinct moves.indicateur_id) filter (where moves.est_a_verifier) as a_verifier,
        max_by({
            'serie': series.indicateur_court,
            'valeur': moves.valeur,
            'unite': moves.unite,
            'annee': moves.annee,
            'annee_precedente': moves.annee_precedente,
            'variation': moves.variation
        }, (moves.annee, asked.part_ktco2e, moves.indicateur_id))
        filter (where moves.est_la_plus_recente and not moves.est_a_verifier) as bouge
    from vues.fait_evolution as moves
    inner join asked using (territoire_id, levier_id)
    inner join vues.dim_indicateur_court as series on moves.indicateur_id = series.indicateur_id
    group by moves.territoire_id
),

files as (
    select
        observed.territoire_id,
        count(distinct observed.fichier_id) as fichiers,
        count(distinct sources.producteur_code) as producteurs,
        max(sources.recupere_le) as dernier_recu_le
    from vues.fait_observation as observed
    inner join vues.fait_source as sources using (fichier_id)
    where observed.niveau <> 'commune'
    group by observed.territoire_id
),

missing as (
    select
        territoire_id,
        max_by({ 'jeu': jeu, 'levier_id': levier_id, 'demande_ktco2e': demande_ktco2e }, demande_ktco2e)
        filter (where jeu is not null and etat is distinct from 'received') as a_obtenir
    from vues.fait_manque
    group by territoire_id
)

select
    summaries.territoire_id,
    summaries.leviers,
    summaries.leviers_mesures,
    summaries.juges,
    summaries.sur_la_ligne,
    summaries.incertains,
    summaries.en_retard,
    summaries.a_contresens,
    summaries.non_juges,
    summaries.premiere_annee,
    summaries.derniere_annee,
    summaries.demande_ktco2e,
    string_split(coalesce(summaries.secteur_premier, summaries.secteurs_proches), ' ; ') as secteurs,
    parts.* exclude (territoire_id),
    emitted.* exclude (territoire_id),
    law.* exclude (territoire_id),
    coalesce(grades.notes, []) as notes,
    beside.compare,
    coalesce(committed.engagements, 0) as engagements,
    coalesce(plans.plans, 0) as plans,
    coalesce(moved.a_verifier, 0) as a_verifier,
    moved.bouge,
    coalesce(files.fichiers, 0) as fichiers,
    files.producteurs,
    files.dernier_recu_le,
    missing.a_obtenir
from vues.fait_resume as summaries
left join parts using (territoire_id)
left join emitted using (territoire_id)
left join law using (territoire_id)
left join grades using (territoire_id)
left join beside using (territoire_id)
left join committed using (territoire_id)
left join plans using (territoire_id)
left join moved using (territoire_id)
left join files using (territoire_id)
left join missing using (territoire_id)
order by summaries.territoire_id

{{ levers_of_theme('consommer') }}
